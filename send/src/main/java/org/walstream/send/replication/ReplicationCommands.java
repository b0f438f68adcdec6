package org.walstream.send.replication;

import static org.walstream.send.SqlType.INT8;
import static org.walstream.send.SqlType.TEXT;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.send.ClientIdentity;
import org.walstream.send.RowSet;
import org.walstream.send.RowSet.Column;
import org.walstream.send.command.ReplicationCommand;
import org.walstream.send.command.ReplicationCommand.AlterSlot;
import org.walstream.send.command.ReplicationCommand.BaseBackup;
import org.walstream.send.command.ReplicationCommand.CreateSlot;
import org.walstream.send.command.ReplicationCommand.DropSlot;
import org.walstream.send.command.ReplicationCommand.IdentifySystem;
import org.walstream.send.command.ReplicationCommand.ReadSlot;
import org.walstream.send.command.ReplicationCommand.Show;
import org.walstream.send.command.ReplicationCommand.Sql;
import org.walstream.send.command.ReplicationCommand.StartLogicalReplication;
import org.walstream.send.command.ReplicationCommand.StartReplication;
import org.walstream.send.command.ReplicationCommand.TimelineHistory;
import org.walstream.send.command.ReplicationCommand.UploadManifest;
import org.walstream.send.command.ReplicationCommandParser;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.server.CommandHandler;
import org.walstream.send.server.SessionReports;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.walsender.StandbyObserver;
import org.walstream.send.walsender.WalRefusal;
import org.walstream.send.walsender.WalSender;
import org.walstream.store.ServedTimeline;
import org.walstream.store.WalCursor;
import org.walstream.store.WalStoreException;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.replication.StandbyStatusUpdate;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// One replication connection's commands, their results in PostgreSQL 18's columns and types.
public final class ReplicationCommands implements CommandHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicationCommands.class);

  private final ReplicationParts parts;
  private final ClientIdentity client;
  private final SessionParameters parameters;
  private final @Nullable CommandHandler sql;
  private final WalSender sender;

  /// The slot of the stream under way.
  private volatile @Nullable ReplicationSlot slot;

  private ReplicationCommands(
      ReplicationParts parts,
      ClientIdentity client,
      SessionParameters parameters,
      ServerConnection connection,
      @Nullable CommandHandler sql)
      throws ServerError {
    this.parts = parts;
    this.client = client;
    this.parameters = parameters;
    this.sql = sql;
    this.sender = parts.senders().add(client, parameters, connection, new SlotKeeper());
  }

  /// For connections with `replication=true`: no SQL.
  public static CommandHandler.Factory physical(ReplicationParts parts) {
    return (client, parameters, connection) ->
        new ReplicationCommands(parts, client, parameters, connection, null);
  }

  /// For connections with `replication=database`: what is not a replication command goes to `sql`.
  public static CommandHandler.Factory withSql(ReplicationParts parts, CommandHandler.Factory sql) {
    return (client, parameters, connection) ->
        new ReplicationCommands(
            parts, client, parameters, connection, sql.open(client, parameters, connection));
  }

  @Override
  public void execute(String text, ServerConnection connection) throws IOException, ServerError {
    ReplicationCommand command = ReplicationCommandParser.parse(text, parameters::noteTruncation);
    SessionReports.send(parameters, connection);
    if (transactionStatus() == 'E' && !(command instanceof Sql)) {
      throw ServerError.error(
          SqlState.IN_FAILED_SQL_TRANSACTION,
          "current transaction is aborted, commands ignored until end of transaction block");
    }
    if (parts.settings().get().logReplicationCommands() && !(command instanceof Sql)) {
      LOG.info(
          "{} {}: received replication command: {}", client.user(), client.hostOrLocal(), text);
    }
    switch (command) {
      case IdentifySystem() -> identifySystem().send(connection);
      case Show(String name) -> show(name).send(connection);
      case TimelineHistory(TimelineId timeline) -> timelineHistory(timeline).send(connection);
      case CreateSlot create -> createSlot(create).send(connection);
      case AlterSlot(String name) -> refuseToAlter(name);
      case ReadSlot(String name) -> readSlot(name).send(connection);
      case DropSlot(String name, boolean waits) -> {
        parts.slots().drop(name, client.pid(), waits);
        connection.send(new CommandComplete("DROP_REPLICATION_SLOT"));
      }
      case StartReplication start -> startReplication(start, connection);
      case StartLogicalReplication logical -> throw noLogical();
      case BaseBackup backup -> throw notYet("BASE_BACKUP");
      case UploadManifest manifest -> throw notYet("UPLOAD_MANIFEST");
      case Sql(String statement) -> executeSql(statement, connection);
    }
  }

  private void executeSql(String statement, ServerConnection connection)
      throws IOException, ServerError {
    if (sql == null) {
      throw ServerError.error(
          SqlState.FEATURE_NOT_SUPPORTED,
          "cannot execute SQL commands in WAL sender for physical replication");
    }
    sql.execute(statement, connection);
  }

  private RowSet identifySystem() throws ServerError {
    ServedTimeline log = currentLog();
    return RowSet.ofOneRow(
        List.of(
            new Column("systemid", TEXT),
            new Column("timeline", INT8),
            new Column("xlogpos", TEXT),
            new Column("dbname", TEXT)),
        Arrays.asList(
            Long.toUnsignedString(log.systemIdentifier()),
            log.timeline().toString(),
            Lsn.format(log.flushedLsn()),
            client.database().isEmpty() ? null : client.database()),
        "IDENTIFY_SYSTEM");
  }

  private RowSet show(String name) throws ServerError {
    String value =
        parameters.show(name).orElseThrow(() -> SessionParameters.unknown(name).asError());
    var column = new Column(SessionParameters.properName(name), TEXT);
    return RowSet.ofOneRow(List.of(column), List.of(value), "SHOW");
  }

  private RowSet timelineHistory(TimelineId timeline) throws IOException, ServerError {
    byte[] content =
        parts
            .store()
            .historyFileOrFetched(timeline)
            .orElseThrow(() ->
                ServerError.error(
                    SqlState.UNDEFINED_FILE,
                    "could not open file \"pg_wal/%s\": No such file or directory"
                        .formatted(timeline.historyFileName())));
    return RowSet.ofOneRow(
        List.of(new Column("filename", TEXT), new Column("content", TEXT)),
        List.of(timeline.historyFileName(), new String(content, StandardCharsets.UTF_8)),
        "TIMELINE_HISTORY");
  }

  private RowSet createSlot(CreateSlot create) throws IOException, ServerError {
    if (create.logical()) {
      throw noLogical();
    }
    long restartLsn = 0;
    if (create.reserveWal()) {
      ServedTimeline log = currentLog();
      restartLsn = log.segmentSize().startOfSegment(log.flushedLsn());
    }
    parts.slots().create(create.slot(), create.temporary(), restartLsn, client.pid());
    return RowSet.ofOneRow(
        List.of(
            new Column("slot_name", TEXT),
            new Column("consistent_point", TEXT),
            new Column("snapshot_name", TEXT),
            new Column("output_plugin", TEXT)),
        Arrays.asList(create.slot(), "0/0", null, null),
        "CREATE_REPLICATION_SLOT");
  }

  private void refuseToAlter(String name) throws ServerError {
    if (parts.slots().find(name).isEmpty()) {
      throw ServerError.error(
          SqlState.UNDEFINED_OBJECT, "replication slot \"%s\" does not exist".formatted(name));
    }
    throw ServerError.error(
        SqlState.FEATURE_NOT_SUPPORTED,
        "cannot use ALTER_REPLICATION_SLOT with a physical replication slot");
  }

  private RowSet readSlot(String name) throws IOException, ServerError {
    var columns =
        List.of(
            new Column("slot_type", TEXT),
            new Column("restart_lsn", TEXT),
            new Column("restart_tli", INT8));
    Optional<ReplicationSlot> found = parts.slots().find(name);
    if (found.isEmpty()) {
      return RowSet.ofOneRow(columns, Arrays.asList(null, null, null), "READ_REPLICATION_SLOT");
    }
    long restartLsn = found.get().restartLsn();
    return RowSet.ofOneRow(
        columns,
        restartLsn == 0 || isGone(restartLsn)
            ? Arrays.asList("physical", null, null)
            : List.of("physical", Lsn.format(restartLsn), timelineOf(restartLsn).toString()),
        "READ_REPLICATION_SLOT");
  }

  /// True when a slot promises what can be had neither here nor from upstream: a node that has
  /// received nothing begins elsewhere, should its upstream have removed what it was to begin with.
  /// Who is told of such a position would ask for it in vain, for ever.
  private boolean isGone(long lsn) throws IOException, ServerError {
    Optional<Lsn> oldest = parts.store().oldestLsn();
    if (oldest.isEmpty() || !Lsn.isBefore(lsn, oldest.get().value())) {
      return false;
    }
    try (WalCursor cursor = parts.store().cursor(timelineOf(lsn), lsn)) {
      cursor.await(lsn, () -> false);
      return false;
    } catch (WalStoreException refused) {
      return WalRefusal.saysGone(refused);
    }
  }

  private TimelineId timelineOf(long lsn) throws IOException, ServerError {
    TimelineId current = currentLog().timeline();
    return parts.store().history(current).map(h -> h.timelineOf(lsn)).orElse(current);
  }

  private void startReplication(StartReplication start, ServerConnection connection)
      throws IOException, ServerError {
    ServedTimeline log = currentLog();
    TimelineId timeline = start.timeline().orElse(log.timeline());
    if (start.slot().isPresent()) {
      slot = parts.slots().acquire(start.slot().get(), client.pid(), sender::close);
    }
    try {
      keepFrom(start.startLsn());
      WalSender.StreamEnd end = parts.senders().stream(sender, log, timeline, start.startLsn());
      switch (end) {
        case WalSender.TimelineEnded ended -> {
          nextTimeline(ended).sendRows(connection);
          complete(connection);
        }
        case WalSender.StandbyDone done -> complete(connection);
        case WalSender.NodeStopping stopping ->
            // The standby has been told; as a PostgreSQL server does, close without another word.
            throw new EOFException("the node is shutting down");
      }
    } finally {
      releaseSlot();
    }
  }

  /// A slot that keeps nothing yet keeps what is about to be sent, rather than only what the
  /// standby has first confirmed: a standby that is cut off before it has said a word finds its WAL
  /// here.
  private void keepFrom(long startLsn) throws IOException {
    ReplicationSlot used = slot;
    if (used == null || used.restartLsn() != 0) {
      return;
    }
    Optional<Lsn> oldest = parts.store().oldestLsn(); // reads the directory
    if (oldest.isPresent() && !Lsn.isBefore(startLsn, oldest.get().value())) {
      used.reserve(startLsn);
      parts.slots().save();
    }
  }

  /// The command is completed twice: libpqwalreceiver takes the first for the copy's end and waits
  /// for the second.
  private static void complete(ServerConnection connection) throws IOException {
    connection.send(new CommandComplete("START_STREAMING"));
    connection.send(new CommandComplete("START_REPLICATION"));
  }

  private static RowSet nextTimeline(WalSender.TimelineEnded ended) {
    return RowSet.ofOneRow(
        List.of(new Column("next_tli", INT8), new Column("next_tli_startpos", TEXT)),
        List.of(ended.next().toString(), Lsn.format(ended.switchLsn())),
        "");
  }

  private ServedTimeline currentLog() throws ServerError {
    return parts
        .store()
        .currentLog()
        .orElseThrow(() ->
            ServerError.error(SqlState.CANNOT_CONNECT_NOW, "this node has not received any WAL yet")
                .withHint("Its log says whether it can reach its upstream."));
  }

  private static ServerError noLogical() {
    return ServerError.error(
        SqlState.FEATURE_NOT_SUPPORTED,
        "logical replication is not supported: this node relays WAL and decodes none");
  }

  private static ServerError notYet(String command) {
    return ServerError.error(
            SqlState.FEATURE_NOT_SUPPORTED, command + " is not supported by this node")
        .withHint("Take the base backup from the primary or from a standby.");
  }

  private void releaseSlot() throws IOException {
    ReplicationSlot used = slot;
    slot = null;
    if (used != null) {
      parts.slots().release(used);
    }
  }

  @Override
  public byte transactionStatus() {
    return sql == null ? (byte) 'I' : sql.transactionStatus();
  }

  @Override
  public void betweenCommands(ServerConnection connection) throws IOException {
    if (sql != null) {
      sql.betweenCommands(connection);
    }
  }

  @Override
  public void idle() {
    if (sql != null) {
      sql.idle();
    }
  }

  @Override
  public void busy() {
    if (sql != null) {
      sql.busy();
    }
  }

  @Override
  public void failed() {
    if (sql != null) {
      sql.failed();
    }
  }

  @Override
  public void cancel() {
    if (sql != null) {
      sql.cancel();
    }
  }

  @Override
  public void terminate() {
    if (sql != null) {
      sql.terminate();
    }
  }

  @Override
  public void close() {
    parts.senders().remove(sender);
    parts.slots().sessionEnded(client.pid());
    if (sql != null) {
      sql.close();
    }
  }

  /// Keeps the stream's slot up with what the standby says.
  private final class SlotKeeper implements StandbyObserver {
    @Override
    public void confirmed(StandbyStatusUpdate update) {
      ReplicationSlot used = slot;
      if (used != null) {
        used.confirmFlushed(update.flushedLsn());
      }
    }

    @Override
    public void feedback(HotStandbyFeedback feedback) {
      ReplicationSlot used = slot;
      if (used != null) {
        used.feedback(feedback);
      }
    }
  }
}
