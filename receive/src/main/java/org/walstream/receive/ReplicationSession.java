package org.walstream.receive;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.PostgresException;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.client.QueryResult;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoOption;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.StopSignal;

/// A connection in replication mode, and the replication commands that a receiver needs, typed.
///
/// Counterpart of src/bin/pg_basebackup/streamutil.c and
/// src/backend/replication/libpqwalreceiver/libpqwalreceiver.c. One thread; [#close] from any.
public final class ReplicationSession implements Closeable {

  private static final int SERVER_VERSION_MIN = 15;
  private static final int SERVER_VERSION_MAX = 18;

  private static final String DUPLICATE_OBJECT = "42710";

  private final PgClient client;

  private ReplicationSession(PgClient client) {
    this.client = client;
  }

  /// Connects and checks that the server's version is one we know.
  ///
  /// @param stop ends it, whatever it waits for; afterwards it knows nothing of this session
  public static ReplicationSession connect(
      ConnInfo conninfo, LibpqEnvironment environment, StopSignal stop) throws IOException {
    return connect(conninfo, environment, stop, Network.real());
  }

  /// The same over `network`.
  static ReplicationSession connect(
      ConnInfo conninfo, LibpqEnvironment environment, StopSignal stop, Network network)
      throws IOException {
    ConnInfo replication =
        conninfo
            .with(ConnInfoOption.REPLICATION, "true")
            .orElse(
                ConnInfo.EMPTY
                    .with(ConnInfoOption.DBNAME, "replication") // only .pgpass looks at it
                    .with(ConnInfoOption.FALLBACK_APPLICATION_NAME, "walstream"));
    var client = PgClient.connect(ConnectionSettings.of(replication, environment), stop, network);
    try {
      checkVersion(client.parameter("server_version").orElse(""));
    } catch (IOException e) {
      client.close();
      throw e;
    }
    return new ReplicationSession(client);
  }

  private static void checkVersion(String version) throws ReceiveException {
    int major = majorVersion(version);
    if (major < SERVER_VERSION_MIN) {
      throw new ReceiveException(
          "incompatible server version %s; client does not support streaming from server versions older than %d"
              .formatted(version.isEmpty() ? "unknown" : version, SERVER_VERSION_MIN));
    }
    if (major > SERVER_VERSION_MAX) {
      throw new ReceiveException(
          "incompatible server version %s; client does not support streaming from server versions newer than %d"
              .formatted(version, SERVER_VERSION_MAX));
    }
  }

  /// The number before the first character that is not a digit; 0 when there is none.
  static int majorVersion(String version) {
    int end = 0;
    while (end < version.length() && end < 6 && Character.isDigit(version.charAt(end))) {
      end++;
    }
    return end == 0 ? 0 : Integer.parseInt(version, 0, end, 10);
  }

  /// The connection itself, for commands whose answers are somebody else's to read.
  public PgClient client() {
    return client;
  }

  public SystemIdentification identifySystem() throws IOException {
    QueryResult row = oneRow("IDENTIFY_SYSTEM", "IDENTIFY_SYSTEM", 3);
    try {
      return new SystemIdentification(
          Long.parseUnsignedLong(value(row, 0, "IDENTIFY_SYSTEM")),
          TimelineId.parse(value(row, 1, "IDENTIFY_SYSTEM")),
          Lsn.parse(value(row, 2, "IDENTIFY_SYSTEM")).value());
    } catch (IllegalArgumentException e) {
      throw new ReceiveException("could not identify system: " + e.getMessage(), e);
    }
  }

  /// A setting of the server, as SHOW prints it.
  public String show(String parameter) throws IOException {
    String command = "SHOW " + parameter;
    return value(oneRow(command, command, 1), 0, "SHOW");
  }

  public WalSegmentSize walSegmentSize() throws IOException {
    String text = show("wal_segment_size");
    try {
      return new WalSegmentSize(Math.toIntExact(bytes(text)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ReceiveException("WAL segment size could not be parsed: \"" + text + "\"", e);
    }
  }

  /// Reads `16MB`.
  static long bytes(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    long number = Long.parseLong(text.substring(0, digits));
    return number
        * switch (text.substring(digits)) {
          case "B", "" -> 1;
          case "kB" -> 1L << 10;
          case "MB" -> 1L << 20;
          case "GB" -> 1L << 30;
          default -> throw new IllegalArgumentException("invalid unit in \"" + text + "\"");
        };
  }

  /// The content of a timeline's history file.
  public byte[] timelineHistory(TimelineId timeline) throws IOException {
    QueryResult row = oneRow("TIMELINE_HISTORY " + timeline, "TIMELINE_HISTORY", 2);
    String fileName = value(row, 0, "TIMELINE_HISTORY");
    if (!fileName.equals(timeline.historyFileName())) {
      throw new ReceiveException(
          "server reported unexpected history file name for timeline %s: %s"
              .formatted(timeline, fileName));
    }
    byte[] content = row.rows().getFirst().values().get(1);
    return content == null ? new byte[0] : content;
  }

  /// Where a physical slot keeps WAL from; empty when it keeps none yet.
  ///
  /// @throws ReceiveException when there is no such slot, or it is logical
  public Optional<WalPosition> readSlot(String name) throws IOException {
    QueryResult row = oneRow("READ_REPLICATION_SLOT " + quoted(name), "READ_REPLICATION_SLOT", 3);
    String type = row.text(0, 0);
    if (type == null) {
      throw new ReceiveException("replication slot \"%s\" does not exist".formatted(name));
    }
    if (!type.equals("physical")) {
      throw new ReceiveException(
          "expected a physical replication slot, got type \"%s\" instead".formatted(type));
    }
    String lsn = row.text(0, 1);
    String timeline = row.text(0, 2);
    if (lsn == null || timeline == null) {
      return Optional.empty();
    }
    return Optional.of(new WalPosition(TimelineId.parse(timeline), Lsn.parse(lsn).value()));
  }

  /// Makes a physical slot, as pg_receivewal and walreceiver make theirs: a temporary one keeps WAL
  /// from now on, a lasting one from when it is first streamed from.
  ///
  /// @return false when `ifNotExists` and there is a slot of that name
  public boolean createSlot(String name, boolean temporary, boolean ifNotExists)
      throws IOException {
    String command =
        "CREATE_REPLICATION_SLOT %s %s"
            .formatted(quoted(name), temporary ? "TEMPORARY PHYSICAL (RESERVE_WAL)" : "PHYSICAL");
    try {
      client.query(command);
      return true;
    } catch (PostgresException e) {
      if (ifNotExists && e.sqlState().equals(DUPLICATE_OBJECT)) {
        return false;
      }
      throw new ReplicationCommandException(command, e);
    } catch (EOFException e) {
      throw new ReplicationCommandException(command, e);
    }
  }

  public void dropSlot(String name) throws IOException {
    String command = "DROP_REPLICATION_SLOT " + quoted(name);
    query(command, command);
  }

  /// Opens the stream.
  ///
  /// @return empty when it is open; where it goes on when nothing is left to stream on that
  ///   timeline
  Optional<WalPosition> startReplication(StreamOrigin origin, Optional<String> slot)
      throws IOException {
    String command =
        "START_REPLICATION %s%s TIMELINE %s"
            .formatted(
                slot.map(name -> "SLOT " + quoted(name) + " ").orElse(""),
                Lsn.format(origin.startLsn()),
                origin.timeline());
    try {
      Optional<QueryResult> answer = client.startCopyBoth(command);
      return answer.isEmpty() ? Optional.empty() : nextTimeline(answer.get());
    } catch (PostgresException | EOFException e) {
      throw new ReplicationCommandException("START_REPLICATION", e);
    }
  }

  /// Reads what is left of the stream; our CopyDone has been sent or will be.
  ///
  /// @param heard is told of each message that is still under way
  /// @return where it goes on, when its timeline has ended
  Optional<WalPosition> endReplication(Runnable heard) throws IOException {
    while (client.nextCopyData() != null) {
      heard.run();
    }
    return nextTimeline(client.finishCopy());
  }

  private static Optional<WalPosition> nextTimeline(QueryResult result) throws IOException {
    if (result.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new WalPosition(
              TimelineId.parse(value(result, 0, "end-of-timeline")),
              Lsn.parse(value(result, 1, "end-of-timeline")).value()));
    } catch (IllegalArgumentException e) {
      throw new ReceiveException(
          "could not parse next timeline's starting point \"%s\"".formatted(result.text(0, 1)), e);
    }
  }

  /// @param toldAs what a failure calls the command: pg_receivewal tells some whole, of others the
  ///   name
  private QueryResult query(String command, String toldAs) throws IOException {
    try {
      return client.query(command);
    } catch (PostgresException | EOFException e) {
      throw new ReplicationCommandException(toldAs, e);
    }
  }

  private QueryResult oneRow(String command, String toldAs, int columns) throws IOException {
    QueryResult result = query(command, toldAs);
    if (result.rows().size() != 1 || result.columns().size() < columns) {
      throw new ReceiveException(
          ("could not execute replication command \"%s\": got %d rows and %d fields, expected 1 row"
                  + " and %d or more fields")
              .formatted(command, result.rows().size(), result.columns().size(), columns));
    }
    return result;
  }

  private static String value(QueryResult row, int column, String what) throws ReceiveException {
    @Nullable String value = row.text(0, column);
    if (value == null) {
      throw new ReceiveException(
          "unexpected null in column %d of the answer to %s".formatted(column + 1, what));
    }
    return value;
  }

  /// A name as the replication grammar takes it.
  static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
