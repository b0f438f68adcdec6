package org.walstream.observe.sql.function;

import static org.walstream.send.SqlType.BOOL;
import static org.walstream.send.SqlType.BYTEA;
import static org.walstream.send.SqlType.FLOAT8;
import static org.walstream.send.SqlType.INET;
import static org.walstream.send.SqlType.INT4;
import static org.walstream.send.SqlType.INT8;
import static org.walstream.send.SqlType.NAME;
import static org.walstream.send.SqlType.NAME_ARRAY;
import static org.walstream.send.SqlType.NUMERIC;
import static org.walstream.send.SqlType.OID;
import static org.walstream.send.SqlType.PG_LSN;
import static org.walstream.send.SqlType.TEXT;
import static org.walstream.send.SqlType.TEXT_ARRAY;
import static org.walstream.send.SqlType.TIMESTAMP;
import static org.walstream.send.SqlType.TIMESTAMPTZ;
import static org.walstream.send.SqlType.VOID;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.walstream.send.RowSet.Column;
import org.walstream.send.SqlType;

/// The functions that a node has beyond the engine's own, one row each.
public final class Functions {

  private static final Map<String, SqlFunction> BY_NAME = new LinkedHashMap<>();

  private Functions() {}

  static {
    wal("pg_current_wal_flush_lsn", "flushedLsn", PG_LSN);
    wal("pg_current_wal_lsn", "currentLsn", PG_LSN);
    wal("pg_current_wal_insert_lsn", "currentLsn", PG_LSN);
    wal("pg_wal_lsn_diff", "difference", NUMERIC, PG_LSN, PG_LSN);
    wal("pg_walfile_name", "fileName", TEXT, PG_LSN);
    wal("pg_is_in_recovery", "inRecovery", BOOL);
    wal(Internal.LSN_PARSE, "parse", PG_LSN);
    wal(Internal.LSN_FORMAT, "format", TEXT);

    recovery("pg_last_wal_receive_lsn", "receivedLsn", PG_LSN);
    recovery("pg_last_wal_replay_lsn", "replayedLsn", PG_LSN);
    recovery("pg_last_xact_replay_timestamp", "lastTransaction", TIMESTAMPTZ);
    recovery("pg_is_wal_replay_paused", "isPaused", BOOL);
    recovery("pg_get_wal_replay_pause_state", "pauseState", TEXT);
    recovery("pg_wal_replay_pause", "pause", VOID);
    recovery("pg_wal_replay_resume", "resume", VOID);
    recovery("pg_promote", "promote", BOOL);

    session("pg_backend_pid", "backendPid", INT4);
    session("current_user", "user", NAME);
    session("session_user", "user", NAME);
    session("user", "user", NAME);
    session("current_role", "user", NAME);
    session("current_database", "database", NAME);
    session("current_catalog", "database", NAME);
    session("current_schema", "schema", NAME);
    session("current_schemas", "schemas", NAME_ARRAY);
    session("version", "version", TEXT);
    session("inet_client_addr", "clientAddress", INET);
    session("inet_client_port", "clientPort", INT4);
    session("inet_server_addr", "unknownText", INET);
    session("inet_server_port", "unknownNumber", INT4);
    session("now", "now", TIMESTAMPTZ);
    session("transaction_timestamp", "now", TIMESTAMPTZ);
    session("statement_timestamp", "statementTime", TIMESTAMPTZ);
    session("clock_timestamp", "clockTime", TIMESTAMPTZ);
    session("pg_postmaster_start_time", "started", TIMESTAMPTZ);
    session("pg_conf_load_time", "configurationLoaded", TIMESTAMPTZ);
    session("current_setting", "currentSetting", TEXT);
    session("set_config", "setConfig", TEXT);
    signal("pg_reload_conf", "reload");
    signal("pg_terminate_backend", "terminate");
    signal("pg_cancel_backend", "cancel");
    session(Internal.GO_ON, "goOn", BOOL);
    session("pg_sleep", "sleep", VOID);
    session("has_database_privilege", "mayRead", BOOL);
    session("has_table_privilege", "mayRead", BOOL);
    session("has_schema_privilege", "mayRead", BOOL);
    session("has_function_privilege", "mayRead", BOOL);
    session("has_tablespace_privilege", "mayRead", BOOL);
    for (String object :
        List.of(
            "column",
            "any_column",
            "sequence",
            "server",
            "foreign_data_wrapper",
            "language",
            "type",
            "largeobject")) {
      session("has_" + object + "_privilege", "mayRead", BOOL);
    }
    session("has_parameter_privilege", "mayNot", BOOL);
    session("pg_has_role", "hasRole", BOOL);
    session("getdatabaseencoding", "encoding", NAME);
    session("pg_client_encoding", "encoding", NAME);
    session("gen_random_uuid", "randomUuid", SqlType.UUID);
    session("uuidv4", "randomUuid", SqlType.UUID);
    session("uuidv7", "timedUuid", SqlType.UUID);
    session("txid_current_if_assigned", "unknownNumber", INT8);
    session("pg_jit_available", "never", BOOL);
    session("pg_trigger_depth", "zero", INT4);
    session("pg_my_temp_schema", "zero", OID);
    session("pg_blocking_pids", "nobody", SqlType.INT4_ARRAY);
    session("pg_safe_snapshot_blocking_pids", "nobody", SqlType.INT4_ARRAY);
    session("pg_advisory_unlock_all", "nothing", VOID);
    session("pg_stat_clear_snapshot", "nothing", VOID);
    session("pg_stat_force_next_flush", "nothing", VOID);
    session("pg_stat_get_snapshot_timestamp", "unknownTime", TIMESTAMPTZ);
    session("pg_current_logfile", "unknownText", TEXT);
    session("system_user", "unknownText", TEXT);
    add(SqlFunction.scalar(DeniedFunctions.class, Internal.DENY, "deny", VOID));

    catalog("format_type", "formatType", TEXT);
    catalog("pg_get_userbyid", "userById", NAME);
    catalog("pg_encoding_to_char", "encodingName", NAME);
    catalog("pg_char_to_encoding", "encodingNumber", INT4);
    names("to_regclass", "relationOrNull", SqlType.REGCLASS);
    names("to_regtype", "typeOrNull", SqlType.REGTYPE);
    names("to_regnamespace", "schemaOrNull", SqlType.REGNAMESPACE);
    names("to_regrole", "roleOrNull", SqlType.REGROLE);
    names(Internal.REGCLASS_IN, "relation", OID);
    names(Internal.REGCLASS_OUT, "relationName", TEXT);
    names(Internal.REGTYPE_IN, "type", OID);
    names(Internal.REGTYPE_OUT, "typeName", TEXT);
    names(Internal.REGNAMESPACE_IN, "schema", OID);
    names(Internal.REGNAMESPACE_OUT, "schemaName", TEXT);
    names(Internal.REGROLE_IN, "role", OID);
    names(Internal.REGROLE_OUT, "roleName", TEXT);
    names("pg_partition_ancestors", "relation", OID);
    catalog(Internal.XID_AGE, "noNumber", INT4);
    for (String visible :
        List.of(
            "pg_table_is_visible",
            "pg_type_is_visible",
            "pg_function_is_visible",
            "pg_operator_is_visible",
            "pg_opclass_is_visible",
            "pg_opfamily_is_visible",
            "pg_collation_is_visible",
            "pg_conversion_is_visible",
            "pg_ts_config_is_visible",
            "pg_ts_dict_is_visible",
            "pg_ts_parser_is_visible",
            "pg_ts_template_is_visible",
            "pg_statistics_obj_is_visible")) {
      catalog(visible, "isVisible", BOOL);
    }
    for (String no :
        List.of("pg_relation_is_publishable", "pg_is_other_temp_schema", "row_security_active")) {
      catalog(no, "no", BOOL);
    }
    for (String size :
        List.of(
            "pg_database_size",
            "pg_tablespace_size",
            "pg_relation_size",
            "pg_table_size",
            "pg_indexes_size",
            "pg_total_relation_size")) {
      catalog(size, "nothing", INT8);
    }
    for (String text :
        List.of(
            "obj_description",
            "shobj_description",
            "col_description",
            "pg_get_expr",
            "pg_get_viewdef",
            "pg_get_indexdef",
            "pg_get_constraintdef",
            "pg_get_partkeydef",
            "pg_get_ruledef",
            "pg_get_triggerdef",
            "pg_get_function_result",
            "pg_get_function_arguments",
            "pg_get_function_identity_arguments",
            "pg_get_functiondef",
            "pg_get_function_sqlbody",
            "pg_get_function_arg_default",
            "pg_get_serial_sequence",
            "pg_get_statisticsobjdef",
            "pg_get_statisticsobjdef_expressions",
            "pg_get_partition_constraintdef",
            "pg_describe_object",
            "pg_get_statisticsobjdef_columns",
            "pg_tablespace_location")) {
      catalog(text, "noText", TEXT);
    }

    text(Internal.TEXT, "text", TEXT);
    text(Internal.RECORD, "record", SqlType.RECORD);
    text(Internal.BOOL, "bool", BOOL);
    text(Internal.INTERVAL, "intervalWords", SqlType.INTERVAL);
    text(Internal.INET_FORMAT, "network", TEXT);
    text(Internal.UUID, "uuid", TEXT);
    text(Internal.MACADDR, "hardwareAddress", TEXT);
    text(Internal.HEX, "hexNumber", INT8);
    text(Internal.ARRAY, "array", TEXT_ARRAY);
    text(Internal.MATCHES, "matches", BOOL);
    text(Internal.MATCHES_IGNORING_CASE, "matchesIgnoringCase", BOOL);
    text(Internal.REGEX_SUBSTRING, "regexSubstring", TEXT);
    text(Internal.LIKE, "like", BOOL);
    text(Internal.ILIKE, "likeIgnoringCase", BOOL);
    text("repeat", "repeat", TEXT);
    text("lpad", "leftPad", TEXT);
    text("rpad", "rightPad", TEXT);
    text("replace", "replace", TEXT);
    text("pg_size_pretty", "sizePretty", TEXT);
    text("quote_ident", "quoteIdent", TEXT);
    text("quote_literal", "quoteLiteral", TEXT);
    text("regexp_replace", "regexReplace", TEXT);
    text("regexp_match", "regexMatch", TEXT_ARRAY);
    text("regexp_matches", "regexMatch", TEXT_ARRAY);
    text("array_to_string", "arrayToString", TEXT);
    text("array_length", "arrayLength", INT4);
    text("array_upper", "arrayLength", INT4);
    text("string_to_array", "stringToArray", TEXT_ARRAY);
    text("split_part", "splitPart", TEXT);
    text("to_timestamp", "timeOfEpoch", TIMESTAMPTZ);
    text("md5", "md5", TEXT);

    text(Internal.OUTPUT, "output", TEXT);
    more(Internal.FORMAT, "format", TEXT);
    more(Internal.CONCAT, "concat", TEXT);
    more(Internal.CONCAT_WS, "concatWithSeparator", TEXT);
    more(Internal.SIMILAR, "similar", BOOL);
    more(Internal.OVERLAY, "overlay", TEXT);
    bytes(Internal.BYTES, "bytes", BYTEA);
    more("quote_nullable", "quoteNullable", TEXT);
    more("initcap", "initCapitals", TEXT);
    more("reverse", "reverse", TEXT);
    more("chr", "character", TEXT);
    more("left", "left", TEXT);
    more("right", "right", TEXT);
    more("starts_with", "startsWith", BOOL);
    more("to_hex", "toHex", TEXT);
    bytes("encode", "encode", TEXT);
    bytes("decode", "decode", BYTEA);
    bytes("convert_from", "convertFrom", TEXT);
    bytes("convert_to", "convertTo", BYTEA);
    bytes("sha256", "sha256", BYTEA);
    more("regexp_like", "regexLike", BOOL);
    more("regexp_count", "regexCount", INT4);
    more("regexp_split_to_array", "regexSplit", TEXT_ARRAY);
    more("pg_size_bytes", "sizeBytes", INT8);
    array(Internal.ARRAY_CONTAINS, "contains", BOOL);
    array(Internal.ARRAY_OVERLAPS, "overlaps", BOOL);
    array("array_position", "position", INT4);
    array("num_nulls", "nulls", INT4);
    array("num_nonnulls", "nonNulls", INT4);
    number(Internal.NUMERIC, "numeric");
    number(Internal.NUMERIC_ADD, "add");
    number(Internal.NUMERIC_SUB, "subtract");
    number(Internal.NUMERIC_MUL, "multiply");
    number(Internal.NUMERIC_DIV, "divide");
    number(Internal.NUMERIC_QUOTIENT, "quotient");
    number(Internal.NUMERIC_MOD, "remainder");
    number(Internal.NUMERIC_ROUND, "round");
    number(Internal.NUMERIC_TRUNC, "truncate");
    number(Internal.NUMERIC_CEIL, "ceiling");
    number(Internal.NUMERIC_FLOOR, "floor");
    number(Internal.NUMERIC_ABS, "absolute");
    number(Internal.NUMERIC_SIGN, "sign");
    number(Internal.NUMERIC_SQRT, "squareRoot");
    number(Internal.NUMERIC_POWER, "power");
    floats(Internal.FLOAT_ROUND, "roundFloat");
    floats(Internal.FLOAT_TRUNC, "truncateFloat");
    floats(Internal.FLOAT_SIGN, "signOfFloat");

    json(Internal.JSON, "json", TEXT);
    json(Internal.JSONB, "jsonb", TEXT);
    json(Internal.TO_JSON, "toJson", TEXT);
    json(Internal.JSON_ELEMENT, "element", TEXT);
    json(Internal.JSON_ARRAY, "array", TEXT);
    json(Internal.JSON_OBJECT, "object", TEXT);
    json(Internal.JSON_ROW, "row", TEXT);
    json(Internal.JSON_FIELD, "field", TEXT);
    json(Internal.JSON_GET, "get", TEXT);
    json(Internal.JSON_GET_TEXT, "getText", TEXT);
    json(Internal.JSON_PATH, "path", TEXT);
    json(Internal.JSON_PATH_TEXT, "pathText", TEXT);
    json(Internal.JSON_CONTAINS, "contains", BOOL);
    json(Internal.JSON_HAS, "has", BOOL);
    json("json_array_length", "arrayLength", INT4);
    json("jsonb_array_length", "arrayLength", INT4);
    json("json_typeof", "typeName", TEXT);
    json("jsonb_typeof", "typeName", TEXT);

    time(Internal.EXTRACT, "extract", NUMERIC);
    time("date_part", "part", FLOAT8);
    time(Internal.INSTANT_TEXT, "instantText", TEXT);
    time(Internal.CLOCK_TEXT, "clockText", TEXT);
    time(Internal.TRUNC_INSTANT, "truncateInstant", TIMESTAMPTZ);
    time(Internal.TRUNC_LOCAL, "truncateLocal", TIMESTAMP);
    time(Internal.TRUNC_INTERVAL, "truncateInterval", SqlType.INTERVAL);
    time(Internal.AGE, "age", SqlType.INTERVAL);
    time(Internal.SHIFT_INSTANT, "shiftInstant", TIMESTAMPTZ);
    time(Internal.SHIFT_LOCAL, "shiftLocal", TIMESTAMP);
    time(Internal.LOCAL_TIME, "localTime", TIMESTAMP);
    time(Internal.INSTANT, "instant", TIMESTAMPTZ);

    table(Internal.VIEW, "view", List.of(new Column("view", TEXT)));
    table(
        "generate_series",
        "series",
        List.of(new Column("generate_series", INT4)),
        INT4,
        INT4,
        INT4);
    table("pg_walfile_name_offset", "fileNameOffset", TableFunctions.FILE_NAME_OFFSET, PG_LSN);
    table("pg_split_walfile_name", "splitFileName", TableFunctions.SPLIT_FILE_NAME);
    table("pg_control_system", "controlSystem", TableFunctions.CONTROL_SYSTEM);
    table("pg_control_checkpoint", "controlCheckpoint", TableFunctions.CONTROL_CHECKPOINT);
    table("pg_available_extensions", "extensions", TableFunctions.EXTENSIONS);
    table("pg_control_recovery", "controlRecovery", TableFunctions.CONTROL_RECOVERY);
    table("pg_listening_channels", "listeningChannels", TableFunctions.LISTENING_CHANNELS);
    for (String directory :
        List.of(
            "pg_ls_tmpdir",
            "pg_ls_archive_statusdir",
            "pg_ls_summariesdir",
            "pg_ls_logicalmapdir",
            "pg_ls_logicalsnapdir")) {
      table(directory, "noFiles", TableFunctions.WAL_FILES);
    }
    table("pg_ls_waldir", "walFiles", TableFunctions.WAL_FILES);
    table("pg_create_physical_replication_slot", "createSlot", TableFunctions.SLOT_AND_LSN);
    table("pg_copy_physical_replication_slot", "copySlot", TableFunctions.SLOT_AND_LSN);
    table("pg_replication_slot_advance", "advanceSlot", TableFunctions.SLOT_AND_END, NAME, PG_LSN);
    add(SqlFunction.scalar(TableFunctions.class, "pg_drop_replication_slot", "dropSlot", VOID));
  }

  private static void wal(String name, String method, SqlType returns, SqlType... parameters) {
    add(SqlFunction.scalar(WalFunctions.class, name, method, returns, parameters));
  }

  private static void recovery(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(RecoveryFunctions.class, name, method, returns));
  }

  private static void session(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(SessionFunctions.class, name, method, returns));
  }

  private static void signal(String name, String method) {
    add(SqlFunction.scalar(SignalFunctions.class, name, method, BOOL));
  }

  private static void names(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(NameFunctions.class, name, method, returns));
  }

  private static void catalog(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(CatalogFunctions.class, name, method, returns));
  }

  private static void text(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(TextFunctions.class, name, method, returns));
  }

  private static void number(String name, String method) {
    add(SqlFunction.scalar(NumericFunctions.class, name, method, NUMERIC));
  }

  private static void floats(String name, String method) {
    add(SqlFunction.scalar(NumericFunctions.class, name, method, FLOAT8));
  }

  private static void json(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(JsonFunctions.class, name, method, returns));
  }

  private static void more(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(StringFunctions.class, name, method, returns));
  }

  private static void bytes(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(ByteFunctions.class, name, method, returns));
  }

  private static void array(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(ArrayFunctions.class, name, method, returns));
  }

  private static void time(String name, String method, SqlType returns) {
    add(SqlFunction.scalar(TimeFunctions.class, name, method, returns));
  }

  private static void table(
      String name, String method, List<Column> columns, SqlType... parameters) {
    add(
        new SqlFunction(
            name,
            TableFunctions.class.getName() + "." + method,
            columns.size() == 1 ? columns.getFirst().type() : SqlType.RECORD,
            List.of(parameters),
            columns));
  }

  private static void add(SqlFunction function) {
    BY_NAME.put(function.name(), function);
  }

  public static Optional<SqlFunction> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  public static List<SqlFunction> all() {
    return new ArrayList<>(BY_NAME.values());
  }

  /// Functions that nobody calls by name: what operators, casts and views become.
  public static final class Internal {
    public static final String VIEW = "$view";
    public static final String GO_ON = "$go_on";
    public static final String DENY = "$deny";
    public static final String LIKE = "$like";
    public static final String ILIKE = "$ilike";
    public static final String TEXT = "$text";
    public static final String INET_FORMAT = "$inet_out";
    public static final String UUID = "$uuid";
    public static final String MACADDR = "$macaddr";
    public static final String HEX = "$hex";
    public static final String ARRAY = "$array";
    public static final String BOOL = "$bool";
    public static final String INTERVAL = "$interval";
    public static final String OUTPUT = "$output";
    public static final String RECORD = "$record";
    public static final String FORMAT = "$format";
    public static final String CONCAT = "$concat";
    public static final String CONCAT_WS = "$concat_ws";
    public static final String SIMILAR = "$similar";
    public static final String OVERLAY = "$overlay";
    public static final String BYTES = "$bytes";
    public static final String ARRAY_CONTAINS = "$array_contains";
    public static final String ARRAY_OVERLAPS = "$array_overlaps";
    public static final String JSON = "$json";
    public static final String JSONB = "$jsonb";
    public static final String TO_JSON = "$to_json";
    public static final String JSON_ELEMENT = "$json_element";
    public static final String JSON_ARRAY = "$json_array";
    public static final String JSON_OBJECT = "$json_object";
    public static final String JSON_ROW = "$json_row";
    public static final String JSON_FIELD = "$json_field";
    public static final String JSON_GET = "$json_get";
    public static final String JSON_GET_TEXT = "$json_get_text";
    public static final String JSON_PATH = "$json_path";
    public static final String JSON_PATH_TEXT = "$json_path_text";
    public static final String JSON_CONTAINS = "$json_contains";
    public static final String JSON_HAS = "$json_has";
    public static final String NUMERIC = "$numeric";
    public static final String NUMERIC_ADD = "$numeric_add";
    public static final String NUMERIC_SUB = "$numeric_sub";
    public static final String NUMERIC_MUL = "$numeric_mul";
    public static final String NUMERIC_DIV = "$numeric_div";
    public static final String NUMERIC_QUOTIENT = "$numeric_quotient";
    public static final String NUMERIC_MOD = "$numeric_mod";
    public static final String NUMERIC_ROUND = "$numeric_round";
    public static final String NUMERIC_TRUNC = "$numeric_trunc";
    public static final String NUMERIC_CEIL = "$numeric_ceil";
    public static final String NUMERIC_FLOOR = "$numeric_floor";
    public static final String NUMERIC_ABS = "$numeric_abs";
    public static final String NUMERIC_SIGN = "$numeric_sign";
    public static final String NUMERIC_SQRT = "$numeric_sqrt";
    public static final String NUMERIC_POWER = "$numeric_power";
    public static final String FLOAT_ROUND = "$float_round";
    public static final String FLOAT_TRUNC = "$float_trunc";
    public static final String FLOAT_SIGN = "$float_sign";
    public static final String EXTRACT = "$extract";
    public static final String INSTANT_TEXT = "$instant_text";
    public static final String CLOCK_TEXT = "$clock_text";
    public static final String TRUNC_INSTANT = "$trunc_instant";
    public static final String TRUNC_LOCAL = "$trunc_local";
    public static final String TRUNC_INTERVAL = "$trunc_interval";
    public static final String AGE = "$time_age";
    public static final String SHIFT_INSTANT = "$shift_instant";
    public static final String SHIFT_LOCAL = "$shift_local";
    public static final String LOCAL_TIME = "$local_time";
    public static final String INSTANT = "$instant";
    public static final String LSN_PARSE = "$lsn_in";
    public static final String LSN_FORMAT = "$lsn_out";
    public static final String REGCLASS_IN = "$regclass_in";
    public static final String REGCLASS_OUT = "$regclass_out";
    public static final String REGNAMESPACE_IN = "$regnamespace_in";
    public static final String REGNAMESPACE_OUT = "$regnamespace_out";
    public static final String REGROLE_IN = "$regrole_in";
    public static final String REGROLE_OUT = "$regrole_out";
    public static final String XID_AGE = "$age";
    public static final String REGTYPE_IN = "$regtype_in";
    public static final String REGTYPE_OUT = "$regtype_out";
    public static final String MATCHES = "$matches";
    public static final String MATCHES_IGNORING_CASE = "$imatches";
    public static final String REGEX_SUBSTRING = "$substring";

    private Internal() {}

    /// What reads a name in the catalog.
    public static Optional<String> input(SqlType type) {
      return switch (type) {
        case REGCLASS -> Optional.of(REGCLASS_IN);
        case REGTYPE -> Optional.of(REGTYPE_IN);
        case REGNAMESPACE -> Optional.of(REGNAMESPACE_IN);
        case REGROLE -> Optional.of(REGROLE_IN);
        default -> Optional.empty();
      };
    }

    /// What shows a number by its name in the catalog.
    public static Optional<String> output(SqlType type) {
      return switch (type) {
        case REGCLASS -> Optional.of(REGCLASS_OUT);
        case REGTYPE -> Optional.of(REGTYPE_OUT);
        case REGNAMESPACE -> Optional.of(REGNAMESPACE_OUT);
        case REGROLE -> Optional.of(REGROLE_OUT);
        default -> Optional.empty();
      };
    }

    /// What the engine calls one of them.
    public static String alias(String internal) {
      return SqlFunction.PREFIX + internal;
    }
  }
}
