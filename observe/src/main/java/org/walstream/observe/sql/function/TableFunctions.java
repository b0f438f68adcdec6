package org.walstream.observe.sql.function;

import static org.walstream.observe.sql.context.QueryContext.lsn;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.h2.tools.SimpleResultSet;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.observe.sql.view.Row;
import org.walstream.observe.sql.view.SystemViews;
import org.walstream.send.ArrayText;
import org.walstream.send.RowSet.Column;
import org.walstream.send.SqlType;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.SlotName;
import org.walstream.store.ServedTimeline;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Functions that return rows. The engine asks for their columns first, with a connection that does
/// nothing else, and must then be given an empty result.
public final class TableFunctions {

  private static final String COLUMNS_ONLY = "jdbc:columnlist:connection";

  private TableFunctions() {}

  static SimpleResultSet result(List<Column> columns) {
    var result = new SimpleResultSet();
    result.setAutoClose(false);
    for (Column column : columns) {
      result.addColumn(column.name(), JdbcTypes.of(column.type()), 0, 0);
    }
    return result;
  }

  /// What there is of a function that is not called, since one of its arguments is NULL: a row of
  /// nothing.
  private static SimpleResultSet ofNulls(SimpleResultSet result) throws SQLException {
    result.addRow(new Object[result.getMetaData().getColumnCount()]);
    return result;
  }

  static boolean columnsOnly(Connection connection) throws SQLException {
    return connection.getMetaData().getURL().equals(COLUMNS_ONLY);
  }

  /// The rows of a view.
  public static ResultSet view(Connection connection, String name) throws SQLException {
    QueryContext context = QueryContext.current();
    Relation relation = context.catalog().relation(name).orElseThrow();
    SimpleResultSet result = result(relation.columns());
    if (!columnsOnly(connection)) {
      for (Row row : SystemViews.rows(name, context)) {
        result.addRow(
            relation.columns().stream()
                .map(column -> engineValue(row.values().get(column.name())))
                .toArray());
      }
    }
    return result;
  }

  private static @Nullable Object engineValue(@Nullable Object value) {
    return switch (value) {
      case Duration duration -> TextFunctions.engineInterval(duration);
      case String[] array -> ArrayText.of(List.of(array));
      case null, default -> value;
    };
  }

  public static ResultSet series(Connection connection, @Nullable Long first, @Nullable Long last)
      throws SQLException {
    return series(connection, first, last, 1L);
  }

  public static ResultSet series(
      Connection connection, @Nullable Long first, @Nullable Long last, @Nullable Long step)
      throws SQLException {
    SimpleResultSet result = result(List.of(new Column("generate_series", SqlType.INT4)));
    if (!columnsOnly(connection) && first != null && last != null && step != null) {
      if (step == 0 || (last - first) / step > 100_000) {
        throw new RefusedException(
            ServerError.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "series is too long for this node"));
      }
      for (long i = first; step > 0 ? i <= last : i >= last; i += step) {
        result.addRow((int) i);
      }
    }
    return result;
  }

  static final List<Column> FILE_NAME_OFFSET =
      List.of(new Column("file_name", SqlType.TEXT), new Column("file_offset", SqlType.INT4));

  public static ResultSet fileNameOffset(Connection connection, @Nullable BigDecimal lsn)
      throws SQLException {
    SimpleResultSet result = result(FILE_NAME_OFFSET);
    if (lsn == null) {
      return ofNulls(result);
    }
    if (!columnsOnly(connection)) {
      result.addRow(WalFunctions.fileName(lsn), (int) WalFunctions.offset(lsn));
    }
    return result;
  }

  static final List<Column> SPLIT_FILE_NAME =
      List.of(
          new Column("segment_number", SqlType.NUMERIC), new Column("timeline_id", SqlType.INT8));

  public static ResultSet splitFileName(Connection connection, @Nullable String name)
      throws SQLException {
    SimpleResultSet result = result(SPLIT_FILE_NAME);
    if (name == null) {
      return ofNulls(result);
    }
    if (!columnsOnly(connection)) {
      Optional<WalSegmentName> parsed =
          WalSegmentName.parse(
              name.toUpperCase(java.util.Locale.ROOT), WalFunctions.log().segmentSize());
      if (parsed.isEmpty()) {
        throw new RefusedException(
            ServerError.error(
                SqlState.INVALID_PARAMETER_VALUE, "invalid WAL file name \"%s\"".formatted(name)));
      }
      result.addRow(
          BigDecimal.valueOf(parsed.get().segmentNumber()),
          Integer.toUnsignedLong(parsed.get().timeline().value()));
    }
    return result;
  }

  static final List<Column> LISTENING_CHANNELS =
      List.of(new Column("pg_listening_channels", SqlType.TEXT));

  public static ResultSet listeningChannels(Connection connection) throws SQLException {
    SimpleResultSet result = result(LISTENING_CHANNELS);
    if (!columnsOnly(connection)) {
      for (String channel : QueryContext.current().session().listeningChannels()) {
        result.addRow(channel);
      }
    }
    return result;
  }

  static final List<Column> CONTROL_SYSTEM =
      List.of(
          new Column("pg_control_version", SqlType.INT4),
          new Column("catalog_version_no", SqlType.INT4),
          new Column("system_identifier", SqlType.INT8),
          new Column("pg_control_last_modified", SqlType.TIMESTAMPTZ));

  /// A node has no control file; it knows the system whose WAL it keeps.
  public static ResultSet controlSystem(Connection connection) throws SQLException {
    SimpleResultSet result = result(CONTROL_SYSTEM);
    if (!columnsOnly(connection)) {
      result.addRow(null, null, WalFunctions.log().systemIdentifier(), null);
    }
    return result;
  }

  static final List<Column> CONTROL_CHECKPOINT =
      List.of(
          new Column("checkpoint_lsn", SqlType.PG_LSN),
          new Column("redo_lsn", SqlType.PG_LSN),
          new Column("redo_wal_file", SqlType.TEXT),
          new Column("timeline_id", SqlType.INT4),
          new Column("prev_timeline_id", SqlType.INT4),
          new Column("full_page_writes", SqlType.BOOL),
          new Column("next_xid", SqlType.TEXT),
          new Column("next_oid", SqlType.OID),
          new Column("next_multixact_id", SqlType.XID),
          new Column("next_multi_offset", SqlType.XID),
          new Column("oldest_xid", SqlType.XID),
          new Column("oldest_xid_dbid", SqlType.OID),
          new Column("oldest_active_xid", SqlType.XID),
          new Column("oldest_multi_xid", SqlType.XID),
          new Column("oldest_multi_dbid", SqlType.OID),
          new Column("oldest_commit_ts_xid", SqlType.XID),
          new Column("newest_commit_ts_xid", SqlType.XID),
          new Column("checkpoint_time", SqlType.TIMESTAMPTZ));

  /// No checkpoint, but the timeline that is received.
  public static ResultSet controlCheckpoint(Connection connection) throws SQLException {
    SimpleResultSet result = result(CONTROL_CHECKPOINT);
    if (!columnsOnly(connection)) {
      int timeline = WalFunctions.log().timeline().value();
      Object[] row = new Object[CONTROL_CHECKPOINT.size()];
      row[3] = timeline;
      row[4] = timeline;
      result.addRow(row);
    }
    return result;
  }

  static final List<Column> CONTROL_RECOVERY =
      List.of(
          new Column("min_recovery_end_lsn", SqlType.PG_LSN),
          new Column("min_recovery_end_timeline", SqlType.INT4),
          new Column("backup_start_lsn", SqlType.PG_LSN),
          new Column("backup_end_lsn", SqlType.PG_LSN),
          new Column("end_of_backup_record_required", SqlType.BOOL));

  /// Nothing is recovered here; the timeline is the one that is received.
  public static ResultSet controlRecovery(Connection connection) throws SQLException {
    SimpleResultSet result = result(CONTROL_RECOVERY);
    if (!columnsOnly(connection)) {
      result.addRow(null, WalFunctions.log().timeline().value(), null, null, false);
    }
    return result;
  }

  static final List<Column> WAL_FILES =
      List.of(
          new Column("name", SqlType.TEXT),
          new Column("size", SqlType.INT8),
          new Column("modification", SqlType.TIMESTAMPTZ));

  /// A directory that a server has and a node has nothing in.
  public static ResultSet noFiles(Connection connection) {
    return result(WAL_FILES);
  }

  public static ResultSet walFiles(Connection connection) throws SQLException {
    SimpleResultSet result = result(WAL_FILES);
    if (columnsOnly(connection)) {
      return result;
    }
    QueryContext context = QueryContext.current();
    if (!context.session().mayMonitor()) {
      throw new RefusedException(
          ServerError.error(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function pg_ls_waldir"));
    }
    try (var files = Files.newDirectoryStream(context.status().store().path(), "[!.]*")) {
      for (Path file : files) {
        addFile(file, result);
      }
    } catch (IOException e) {
      throw new RefusedException(
          ServerError.error(
              SqlState.IO_ERROR, "could not read the WAL directory: " + e.getMessage()));
    }
    return result;
  }

  private static void addFile(Path file, SimpleResultSet result) throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        OffsetDateTime modified =
            attributes.lastModifiedTime().toInstant().atOffset(ZoneOffset.UTC);
        result.addRow(String.valueOf(file.getFileName()), attributes.size(), modified);
      }
    } catch (NoSuchFileException removedMeanwhile) {
      // as it may be
    }
  }

  static final List<Column> EXTENSIONS =
      List.of(
          new Column("name", SqlType.NAME),
          new Column("default_version", SqlType.TEXT),
          new Column("comment", SqlType.TEXT));

  /// There are none.
  public static ResultSet extensions(Connection connection) {
    return result(EXTENSIONS);
  }

  // Slots

  static final List<Column> SLOT_AND_LSN =
      List.of(new Column("slot_name", SqlType.NAME), new Column("lsn", SqlType.PG_LSN));
  static final List<Column> SLOT_AND_END =
      List.of(new Column("slot_name", SqlType.NAME), new Column("end_lsn", SqlType.PG_LSN));

  public static ResultSet createSlot(Connection connection, @Nullable String name)
      throws SQLException {
    return createSlot(connection, name, false, false);
  }

  public static ResultSet createSlot(
      Connection connection, @Nullable String name, @Nullable Boolean reserve) throws SQLException {
    return createSlot(connection, name, reserve, false);
  }

  public static ResultSet createSlot(
      Connection connection,
      @Nullable String name,
      @Nullable Boolean reserve,
      @Nullable Boolean temporary)
      throws SQLException {
    SimpleResultSet result = result(SLOT_AND_LSN);
    if (name == null || reserve == null || temporary == null) {
      return ofNulls(result);
    }
    if (!columnsOnly(connection)) {
      long restartLsn = 0;
      if (reserve) {
        ServedTimeline log = WalFunctions.log();
        restartLsn = log.segmentSize().startOfSegment(log.flushedLsn());
      }
      result.addRow(name, lsn(create(name, temporary, restartLsn).restartLsn()));
    }
    return result;
  }

  private static ReplicationSlot create(String name, boolean temporary, long restartLsn)
      throws SQLException {
    QueryContext context = QueryContext.current();
    try {
      context.requireReplication();
      SlotName.check(name);
      return context
          .status()
          .slots()
          .create(name, temporary, restartLsn, context.session().client().pid());
    } catch (ServerError e) {
      throw new RefusedException(e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static RefusedException failed(IOException e) {
    return new RefusedException(
        ServerError.error(SqlState.IO_ERROR, "could not keep the slot: " + e.getMessage()));
  }

  /// Copies a slot with its place.
  public static ResultSet copySlot(
      Connection connection, @Nullable String from, @Nullable String to) throws SQLException {
    return copySlot(connection, from, to, false);
  }

  public static ResultSet copySlot(
      Connection connection,
      @Nullable String from,
      @Nullable String to,
      @Nullable Boolean temporary)
      throws SQLException {
    SimpleResultSet result = result(SLOT_AND_LSN);
    if (from == null || to == null || temporary == null) {
      return ofNulls(result);
    }
    if (!columnsOnly(connection)) {
      long restartLsn = find(from).restartLsn();
      if (restartLsn == 0) {
        throw new RefusedException(
            ServerError.error(
                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                "cannot copy a replication slot that doesn't reserve WAL"));
      }
      result.addRow(to, lsn(create(to, temporary, restartLsn).restartLsn()));
    }
    return result;
  }

  private static ReplicationSlot find(String name) throws SQLException {
    return QueryContext.current()
        .status()
        .slots()
        .find(name)
        .orElseThrow(() ->
            new RefusedException(
                ServerError.error(
                    SqlState.UNDEFINED_OBJECT,
                    "replication slot \"%s\" does not exist".formatted(name))));
  }

  /// Drops a slot; the text of type void.
  public static @Nullable String dropSlot(@Nullable String name) throws SQLException {
    if (name == null) {
      return null;
    }
    QueryContext context = QueryContext.current();
    try {
      context.requireReplication();
      context.status().slots().drop(name, context.session().client().pid(), false);
      return "";
    } catch (ServerError e) {
      throw new RefusedException(e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Moves a slot forward, no further than what is here.
  public static ResultSet advanceSlot(
      Connection connection, @Nullable String name, @Nullable BigDecimal to) throws SQLException {
    SimpleResultSet result = result(SLOT_AND_END);
    if (name == null || to == null) {
      return ofNulls(result);
    }
    if (columnsOnly(connection)) {
      return result;
    }
    QueryContext context = QueryContext.current();
    ReplicationSlots slots = context.status().slots();
    try {
      context.requireReplication();
      long end = Lsn.min(to.longValue(), WalFunctions.log().flushedLsn());
      ReplicationSlot slot = slots.acquire(name, context.session().client().pid(), () -> {});
      try {
        if (slot.restartLsn() == 0 || Lsn.isBefore(end, slot.restartLsn())) {
          throw ServerError.error(
              slot.restartLsn() == 0
                  ? SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE
                  : SqlState.INVALID_PARAMETER_VALUE,
              slot.restartLsn() == 0
                  ? "replication slot \"%s\" cannot be advanced".formatted(name)
                  : "cannot advance replication slot to %s, minimum is %s"
                      .formatted(Lsn.format(end), Lsn.format(slot.restartLsn())));
        }
        slot.confirmFlushed(end);
      } finally {
        slots.release(slot);
      }
      result.addRow(name, lsn(end));
      return result;
    } catch (ServerError e) {
      throw new RefusedException(e);
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
