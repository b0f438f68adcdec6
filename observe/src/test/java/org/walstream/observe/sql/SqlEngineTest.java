package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.Answer;
import org.walstream.send.StandbyClient;
import org.walstream.send.sql.SqlCommands;
import org.walstream.testkit.Eventually;
import org.walstream.wal.TimelineId;
import org.walstream.wire.server.ServerError;

/// Queries, their values, names and types, and what is refused.
@Timeout(600)
class SqlEngineTest {

  private static Asked node;

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    node = new Asked(directory);
  }

  @AfterAll
  static void close() throws Exception {
    node.close();
  }

  /// What PostgreSQL 18 answers to the same, but for positions.
  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "SELECT 1, 'x', NULL, true, 1.5, 99999999999 § 1|x||t|1.5|99999999999",
        "SELECT count(*) FROM pg_replication_slots WHERE active § 0",
        "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 's1' § 0/300000",
        "SELECT pg_last_wal_receive_lsn() - restart_lsn FROM pg_replication_slots § 1000",
        "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/300000') § 1000",
        "SELECT pg_wal_lsn_diff('0/300000', pg_last_wal_receive_lsn()) § -1000",
        "SELECT restart_lsn > '0/1', restart_lsn = '0/300000', restart_lsn < '0/300000' FROM"
            + " pg_replication_slots § t|t|f",
        "SELECT max(restart_lsn)::text || ' is it' FROM pg_replication_slots § 0/300000 is it",
        "SELECT '1/10'::pg_lsn - '0/F'::pg_lsn, '0/10'::pg_lsn::text § 4294967297|0/10",
        "SELECT pg_walfile_name('0/300000'), pg_walfile_name('0/300001') §"
            + " 000000010000000000000003|000000010000000000000003",
        "SELECT file_offset FROM pg_walfile_name_offset('0/300010') § 16",
        "SELECT segment_number, timeline_id FROM pg_split_walfile_name('000000020000000000000003')"
            + " § 3|2",
        "SELECT pg_is_in_recovery(), pg_is_wal_replay_paused() § t|f",
        "SELECT CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_current_wal_lsn() - '0/0' END § 0",
        "SELECT interval '1 hour 30 minutes', '2 days'::interval, interval '1' day § 01:30:00|2"
            + " days|1 day",
        "SELECT extract(epoch FROM interval '90 seconds')::int, date_part('epoch', interval '1"
            + " minute') § 90|60",
        "SELECT now() = transaction_timestamp(), now() > now() - interval '1 s' § t|t",
        "SELECT 'abc' ~ '^a', 'ABC' ~* 'b', 'abc' !~ 'b', regexp_replace('abcb', 'b', 'x', 'g') §"
            + " t|t|f|axcx",
        "SELECT split_part('a,b', ',', 2), substring('foo12' from '[0-9]+'), md5('') §"
            + " b|12|d41d8cd98f00b204e9800998ecf8427e",
        "SELECT ARRAY[1,2], ARRAY['a','b c'], (ARRAY['x','y'])[2], 2 = ANY(ARRAY[1,2]),"
            + " '{a,b}'::text[] § {1,2}|{a,\"b c\"}|y|t|{a,b}",
        "SELECT array_to_string(ARRAY['a','b'], '-'), array_length(ARRAY[1,2], 1) § a-b|2",
        "SELECT true::text, 't'::bool, 1::bool, true::int, 'yes'::boolean § true|t|t|1|t",
        "SELECT pg_size_pretty(123456789::bigint), pg_size_pretty(10239::bigint) § 118 MB|10239"
            + " bytes",
        "SELECT E'a\\\\b', $$it's$$, 'it''s' § a\\b|it's|it's",
        "SELECT x * 0 + 1, count(*) FROM generate_series(1,3) x GROUP BY 1 § 1|3",
        "SELECT 7/2, 7%2, 2^10, 7/2.0 > 3 § 3|1|1024|t",
        "SELECT x FROM generate_series(1,3) x ORDER BY x DESC LIMIT 1 OFFSET 1 § 2",
        "WITH q AS (SELECT * FROM pg_replication_slots) SELECT slot_name, restart_lsn - '0/0' FROM"
            + " q § s1|3145728",
        "SELECT 'pg_class'::regclass::oid, 1259::oid::regclass, 'pg_class'::regclass::text §"
            + " 1259|pg_class|pg_class",
        "SELECT format_type(1184, NULL), pg_encoding_to_char(6), pg_get_userbyid(10) § timestamp"
            + " with time zone|UTF8|walstream",
        "SELECT setting, unit, vartype FROM pg_settings WHERE name = 'wal_keep_size' §"
            + " 64|MB|integer",
        "SELECT current_setting('wal_keep_size'), current_setting('nosuch.x', true) § 64MB|",
        "SELECT a.attname FROM pg_attribute a JOIN pg_class c ON a.attrelid = c.oid WHERE relname ="
            + " 'pg_stat_replication' AND attnum = 10 § state",
        "SELECT rolname, rolreplication FROM pg_roles WHERE rolcanlogin ORDER BY 1 LIMIT 1 § mon|f",
        "SELECT type, database, user_name, auth_method FROM pg_hba_file_rules WHERE rule_number = 1"
            + " § host|{all,replication}|{evil}|reject",
        "SELECT archived_count, failed_count, last_archived_wal FROM pg_stat_archiver § 0|0|",
        "SELECT count(*), string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace §"
            + " 4|information_schema,pg_catalog,public,walstream",
        "SELECT 'abc' LIKE ANY (ARRAY['x%','a%']), 'abc' NOT LIKE ALL ('{x%,y%}'), 'abc' ILIKE ALL"
            + " (ARRAY['A%','%d']::text[]) § t|t|f",
        "SELECT sourceline, seqno, name, setting, applied, error FROM pg_file_settings §"
            + " 3|1|wal_keep_size|64MB|t|",
        "SELECT subject, name, lsn, bytes FROM walstream.backlog § slot|s1|0/300000|1000",
        "SELECT timeline, written_lsn - oldest_lsn, bytes > 0, disk_free > 0 FROM"
            + " walstream.wal_store § 1|1000|t|t",
        "SELECT count(*), max(severity) FROM walstream.last_errors § 0|",
        "SELECT count(*) FROM walstream.throughput t, walstream.backfill b § 0",
        "SELECT relname, relkind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE"
            + " nspname = 'walstream' ORDER BY 1 LIMIT 1 § backfill|v",
        "SELECT 'walstream.last_errors'::regclass::text,"
            + " pg_table_is_visible('walstream.last_errors'::regclass),"
            + " pg_table_is_visible('pg_class'::regclass) § walstream.last_errors|f|t",
        "SELECT count(*) FROM pg_listening_channels() § 0",
        "SELECT CASE 't'::bool WHEN 't' THEN 'yes' END, nullif(1,1), coalesce(NULL, 2) § yes||2",
        "SELECT count(*) FILTER (WHERE active), bool_or(active) FROM pg_replication_slots § 0|f",
        "SELECT (pg_control_checkpoint()).timeline_id, (SELECT system_identifier FROM"
            + " pg_control_system()) § 1|7427056281482607838",
        "SELECT version(), current_database(), current_user, pg_backend_pid() § PostgreSQL 15.0"
            + " (Walstream)|walstream|mon|4711",
        "SELECT inet_client_addr(), host(inet_client_addr()) § 127.0.0.1|127.0.0.1",
        "SELECT a, 'x' AS value, 3 AS user, 4 AS \"Key\" FROM (SELECT 2 AS a) AS s(a) ORDER BY"
            + " value § 2|x|3|4",
      })
  void answers(String sql, String row) throws Exception {
    assertThat(node.text(sql)).containsExactly(row.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "SELECT 1, 'x', NULL, true, 1.5, count(*) FROM pg_roles § ?column? int4, ?column? text,"
            + " ?column? text, ?column? bool, ?column? numeric, count int8",
        "SELECT max(restart_lsn), min(slot_name), restart_lsn - '0/0' AS d, restart_lsn::text FROM"
            + " pg_replication_slots GROUP BY 3, 4 § max pg_lsn, min name, d numeric, restart_lsn"
            + " text",
        "SELECT s.x, s.n FROM (SELECT sent_lsn AS x, coalesce(usename, 'nobody') AS n FROM"
            + " pg_stat_replication) s § x pg_lsn, n name",
        "SELECT oid, relkind, relacl, reloptions, indkey FROM pg_class, pg_index § oid oid, relkind"
            + " char, relacl aclitem_array, reloptions text_array, indkey int2vector",
        "SELECT write_lag, now() - reply_time, backend_xmin, client_addr FROM pg_stat_replication §"
            + " write_lag interval, ?column? interval, backend_xmin xid, client_addr inet",
        "SELECT 1::float8, 1::real, 1::smallint, now()::timestamp, now()::date, 'x'::name,"
            + " ARRAY[1::oid] § float8 float8, float4 float4, int2 int2, now timestamp, now date,"
            + " name name, array oid_array",
        "SELECT CASE WHEN true THEN 1 END, EXISTS(SELECT 1), (SELECT count(*) FROM pg_am) § case"
            + " int4, exists bool, count int8",
        "SELECT pg_current_wal_flush_lsn(), current_user, now(), pg_drop_replication_slot('x') §"
            + " pg_current_wal_flush_lsn pg_lsn, current_user name, now timestamptz,"
            + " pg_drop_replication_slot void",
      })
  void namesAndTypesAreThoseOfPostgres(String sql, String columns) throws Exception {
    assertThat(String.join(", ", node.columns(sql))).isEqualTo(columns.strip());
  }

  /// In a session's own stack, which a node's JVM keeps small.
  @Test
  void bracketsLeftOpenAreASyntaxErrorHoweverManyTheyAre() throws Exception {
    String open = "SELECT " + "abs(".repeat(5_000) + "1";
    assertThat(sqlStateInSmallStack(open)).isEqualTo("42601");
    assertThat(sqlStateInSmallStack(open + ")".repeat(5_000))).isEqualTo("54001");
  }

  private String sqlStateInSmallStack(String sql) throws Exception {
    var found = new CompletableFuture<String>();
    Runnable asking =
        () -> {
          try {
            found.complete(String.valueOf(node.rows(sql)));
          } catch (ServerError e) {
            found.complete(e.diagnostic().sqlState());
          } catch (Throwable e) {
            found.completeExceptionally(e);
          }
        };
    new Thread(null, asking, "session", 256 << 10).start();
    return found.get();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "SELECT nope FROM pg_roles § 42703 § column \"nope\" does not exist § 8",
        "SELECT r.nope FROM pg_roles r § 42703 § column r.nope does not exist § 8",
        "SELECT * FROM nope § 42P01 § relation \"nope\" does not exist § 15",
        "SELECT nope(1) § 42883 § function nope() does not exist § 8",
        "SELECT 1 FROM § 42601 § syntax error at or near \"FROM\" § 10",
        "SELECT 1 FRM pg_roles § 42601 § syntax error at or near \"pg_roles\" § 14",
        "SELECT rolname, count(*) FROM pg_roles § 42803 § column \"rolname\" must appear in the"
            + " GROUP BY clause or be used in an aggregate function § 8",
        "SELECT $0 § 42P02 § there is no parameter $0 § 8",
        "SELECT 1, $0::int § 42P02 § there is no parameter $0 § 11",
        "SELECT $1000000000::int § 42P02 § there is no parameter $1000000000 § 8",
        "SELECT 1/0 § 22012 § division by zero § 0",
        "SELECT 'x'::pg_lsn § 22P02 § invalid input syntax for type pg_lsn: \"x\" § 0",
        "SELECT 'maybe'::bool § 22P02 § invalid input syntax for type boolean: \"maybe\" § 0",
        "SELECT interval '3 parsecs' § 22007 § invalid input syntax for type interval: \"3"
            + " parsecs\" § 0",
        "SELECT current_setting('nosuch') § 42704 § unrecognized configuration parameter \"nosuch\""
            + " § 0",
        "SELECT 'nosuch'::regclass § 42P01 § relation \"nosuch\" does not exist § 0",
        "SELECT pg_current_wal_lsn() § 55000 § recovery is in progress § 0",
        "SELECT oid FROM pg_class a, pg_namespace b § 42702 § column reference \"oid\" is ambiguous"
            + " § 8",
        "INSERT INTO t VALUES (1) § 25006 § cannot execute INSERT in a read-only transaction § 0",
        "CREATE TABLE t (a int) § 25006 § cannot execute CREATE TABLE in a read-only transaction §"
            + " 0",
        "SELECT 1 INTO t § 25006 § cannot execute SELECT INTO in a read-only transaction § 0",
        "SELECT * FROM pg_roles FOR UPDATE § 25006 § cannot execute SELECT FOR UPDATE in a"
            + " read-only transaction § 0",
        "SELECT pg_create_physical_replication_slot('x') § 42501 § permission denied to use"
            + " replication slots § 0",
        "SELECT pg_reload_conf() § 42501 § permission denied for function pg_reload_conf § 0",
      })
  void refusesAsPostgresDoes(String sql, String sqlState, String message, int position) {
    assertThatThrownBy(() -> node.rows(sql.strip()))
        .isInstanceOf(ServerError.class)
        .satisfies(e -> {
          var diagnostic = ((ServerError) e).diagnostic();
          assertThat(diagnostic.message()).isEqualTo(message.strip());
          assertThat(diagnostic.sqlState()).isEqualTo(sqlState.strip());
          assertThat(diagnostic.position()).isEqualTo(position);
        });
  }

  /// B11: what is not known is NULL, and never 0.
  @Test
  void standbyIsARowAndItsLagIsUnknownUntilItReports() throws Exception {
    try (var standby = new StandbyClient(node.fixture.replicate("rep"))) {
      standby.start("START_REPLICATION 0/300000");
      standby.readWal(0x300000, 0x3003E8);
      Eventually.holds(
          "the sender knows that it has caught up",
          () -> node.text("SELECT state FROM pg_stat_replication").contains("streaming"));
      assertThat(
              node.text(
                  "SELECT usename, application_name, client_addr, state, sent_lsn, write_lsn,"
                      + " replay_lsn, write_lag, replay_lag, sync_state, pg_wal_lsn_diff(sent_lsn,"
                      + " replay_lsn) FROM pg_stat_replication"))
          .containsExactly("rep|standby1|127.0.0.1|streaming|0/3003E8|||||async|");
      assertThat(
              node.text(
                  "SELECT usename, backend_type, state FROM pg_stat_activity WHERE pid > 1000 AND"
                      + " backend_type = 'walsender'"))
          .containsExactly("rep|walsender|active");
      var blind =
          node.session(
              "plain", false, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1));
      assertThat(Asked.text(node.rows("SELECT * FROM pg_stat_replication", blind)).getFirst())
          .matches("\\d+\\|{19}");
      assertThat(
              Asked.text(
                  node.rows("SELECT query FROM pg_stat_activity WHERE usename = 'rep'", blind)))
          .containsExactly("<insufficient privilege>");
    }
  }

  @Test
  void upstreamIsTheRowOfPgStatWalReceiver() throws Exception {
    assertThat(node.text("SELECT * FROM pg_stat_wal_receiver")).isEmpty();
    node.status.receiver =
        Optional.of(
            new WalReceiverStatus(
                99,
                WalReceiverStatus.Status.STREAMING,
                0x300000,
                Optional.of(TimelineId.FIRST),
                0x300060,
                0x300000,
                Optional.of(TimelineId.FIRST),
                Optional.of(Instant.parse("2026-11-24T10:00:00.25Z")),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.of("relay1"),
                Optional.of("127.0.0.1"),
                Optional.of(5432),
                "host=127.0.0.1",
                Optional.empty()));
    try {
      assertThat(node.text("SELECT * FROM pg_stat_wal_receiver"))
          .containsExactly(
              "99|streaming|0/300000|1|0/300060|0/300000|1|2026-11-24 10:00:00.25+00||||relay1"
                  + "|127.0.0.1|5432|host=127.0.0.1");
    } finally {
      node.status.receiver = Optional.empty();
    }
  }

  @Test
  void slotsAreMadeAdvancedCopiedAndDropped() throws Exception {
    var rep = node.local("rep");
    assertThat(
            Asked.text(
                node.rows("SELECT * FROM pg_create_physical_replication_slot('a', true)", rep)))
        .containsExactly("a|0/300000");
    assertThat(
            Asked.text(
                node.rows("SELECT * FROM pg_replication_slot_advance('a', '0/300100')", rep)))
        .containsExactly("a|0/300100");
    assertThat(
            Asked.text(node.rows("SELECT * FROM pg_copy_physical_replication_slot('a', 'b')", rep)))
        .containsExactly("b|0/300100");
    assertThat(node.fixture.slots.find("b").orElseThrow().restartLsn()).isEqualTo(0x300100);
    assertThatThrownBy(() -> node.rows("SELECT pg_replication_slot_advance('a', '0/300000')", rep))
        .hasMessage("cannot advance replication slot to 0/300000, minimum is 0/300100");
    node.rows(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name IN"
            + " ('a','b')",
        rep);
    assertThat(node.text("SELECT slot_name FROM pg_replication_slots")).containsExactly("s1");
    assertThatThrownBy(() -> node.rows("SELECT pg_drop_replication_slot('a')", rep))
        .hasMessage("replication slot \"a\" does not exist");
  }

  @Test
  void superuserReloads() throws Exception {
    assertThat(Asked.text(node.rows("SELECT pg_reload_conf()", node.session("super"))))
        .containsExactly("t");
    assertThat(node.status.done).contains("reload");
  }

  @Test
  void parametersAreBoundByTheirTypes() throws Exception {
    String sql =
        "SELECT slot_name FROM pg_replication_slots WHERE restart_lsn <= $1 AND active = $2";
    var session = node.session();
    var query = node.engine.prepare(sql, List.of(), session);
    assertThat(query.parameterTypes()).containsExactly(3220, 16);
    assertThat(Asked.text(node.rows(sql, session, "0/300000", "f"))).containsExactly("s1");
    assertThat(Asked.text(node.rows("SELECT $1::int + 1, $2::text", session, "41", "x")))
        .containsExactly("42|x");
    assertThat(node.engine.prepare("SELECT $1::int8", List.of(), session).parameterTypes())
        .containsExactly(20);
  }

  @Test
  void aRowAmongWhatIsSelectedIsARecord() throws Exception {
    var session = node.session("super");
    String create = "SELECT pg_create_physical_replication_slot('r1')";
    assertThat(node.columns(create)).containsExactly("pg_create_physical_replication_slot record");
    assertThat(Asked.text(node.rows(create, session))).containsExactly("(r1,)");
    assertThat(
            Asked.text(
                node.rows("SELECT pg_create_physical_replication_slot('r2', true)", session)))
        .containsExactly("(r2,0/300000)");
    for (String slot : List.of("r1", "r2")) {
      var _ = node.rows("SELECT pg_drop_replication_slot('" + slot + "')", session);
    }
    assertThat(node.text("SELECT pg_walfile_name_offset('0/300010')"))
        .containsExactly("(000000010000000000000003,16)");
    assertThat(node.text("SELECT pg_walfile_name_offset(NULL) IS NULL")).containsExactly("t");
  }

  /// As psycopg's server-side cursors do it.
  @Test
  void cursorsQueryTakesParameters() throws Exception {
    var commands = new SqlCommands(node.engine, node.session(), () -> {});
    var _ = commands.prepare("BEGIN", List.of()).run(List.of());
    var declare =
        commands.prepare(
            "DECLARE c CURSOR FOR SELECT x FROM generate_series(1, $1::int) x", List.of());
    assertThat(declare.parameterTypes()).containsExactly(23);
    var _ = declare.run(List.of("3"));
    var fetched = (Answer.Rows) commands.prepare("FETCH ALL FROM c", List.of()).run(List.of());
    assertThat(Asked.text(fetched.rows())).containsExactly("1", "2", "3");
  }

  /// The engine can read and write files, load classes and end sessions.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT file_read('/etc/passwd')",
        "SELECT \"FILE_READ\"('/etc/passwd')",
        "SELECT pg_catalog.file_read('/etc/passwd')",
        "SELECT file_write('x', '/tmp/walstream-test')",
        "SELECT * FROM csvread('/etc/passwd')",
        "SELECT csvwrite('/tmp/walstream-test', 'SELECT 1')",
        "SELECT link_schema('a', '', 'jdbc:h2:mem:x', '', '', 'PUBLIC')",
        "SELECT * FROM link_schema('a', '', 'jdbc:h2:mem:x', '', '', 'PUBLIC')",
        "SELECT abort_session(1)",
        "SELECT cancel_session(1)",
        "SELECT memory_used()",
        "SELECT h2version()",
        "SELECT database_path()",
        "SELECT file_read('/etc/passwd') OVER ()",
      })
  void engineIsOutOfReach(String sql) {
    assertThatThrownBy(() -> node.rows(sql))
        .isInstanceOf(ServerError.class)
        .satisfies(e ->
            assertThat(((ServerError) e).diagnostic().sqlState()).isIn("42883", "42601", "0A000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"information_schema.sessions", "information_schema.users", "public.x"})
  void engineHasNoRelationsOfItsOwn(String relation) {
    assertThatThrownBy(() -> node.rows("SELECT * FROM " + relation))
        .hasMessage("relation \"" + relation + "\" does not exist");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "SELECT 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'abc' LIKE 'b', 'a' LIKE '', '' LIKE '%' §"
            + " t|t|f|f|t",
        "SELECT 'ABC' ILIKE 'a_c', 'ABC' LIKE 'a%', 'abc' NOT LIKE 'a%', NULL LIKE 'x' § t|f|f|",
        "SELECT 'a%c' LIKE 'a\\%c', 'abc' LIKE 'a\\%c', 'a%c' LIKE 'a!%c' ESCAPE '!' § t|f|t",
        "SELECT 'aXbXc' LIKE '%X%X_', 'aXbX' LIKE '%X%X_', 'xé' LIKE '_é' § t|f|t",
        "SELECT repeat('ab', 3), repeat('a', -1), lpad('7', 3, '0'), rpad('abc', 2), replace('aXb',"
            + " 'X', 'yy') § ababab||007|ab|ayyb",
      })
  void textsAreMadeAsPostgresMakesThem(String sql, String row) throws Exception {
    assertThat(node.text(sql)).containsExactly(row.strip());
  }

  /// The engine must not be talked into filling the node's memory.
  @Test
  void resultsHaveALimit() {
    assertThatThrownBy(() ->
            node.rows(
                "SELECT a.name, b.name, c.name FROM pg_settings a, pg_settings b, pg_settings c"))
        .isInstanceOf(ServerError.class)
        .extracting(e -> ((ServerError) e).diagnostic().sqlState())
        .isIn("54000", "57014");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyTextIsAnsweredOrRefused(long seed) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String[] pieces = {
      "SELECT",
      "*",
      "FROM",
      "pg_stat_replication",
      "pg_catalog",
      ".",
      ",",
      "(",
      ")",
      "'",
      "''",
      "\"",
      "=",
      "1",
      "/*",
      "*/",
      "--",
      "\n",
      "pg_is_in_recovery()",
      "AS",
      "é",
      "$1",
      "::",
      "pg_lsn",
      "'0/0'",
      "-",
      "~",
      "[",
      "]",
      "ARRAY",
      "CASE",
      "WHEN",
      "END",
      "now()",
      "interval",
      "text",
      "::oid",
      "regclass",
      "max",
      "WITH",
      "x",
      "||"
    };
    for (int i = 0; i < 500; i++) {
      var sql = new StringBuilder("SELECT ");
      for (int j = random.nextInt(12); j > 0; j--) {
        sql.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
      }
      try {
        assertThat(node.engine.prepare(sql.toString(), List.of(), node.session())).isNotNull();
      } catch (ServerError expected) {
        assertThat(expected.diagnostic().sqlState()).as("seed %d: %s", seed, sql).hasSize(5);
      }
    }
  }
}
