package org.walstream.cli;

import static org.walstream.cli.line.Option.flag;
import static org.walstream.cli.line.Option.value;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.store.compress.Compression;
import org.walstream.wal.Lsn;

/// What the command line of `walstream receive` asks for, checked as pg_receivewal checks it: each
/// value where it stands, then all of them together, in that order and in those words.
///
/// Written while the command line is read, unchanged from then on.
final class ReceiveArguments {

  private static final int STATUS_INTERVAL_MAX = Integer.MAX_VALUE / 1000;

  static final CommandTable TABLE =
      CommandTable.of("receive", "[OPTION]...")
          .standsFor("pg_receivewal", "receives PostgreSQL streaming write-ahead logs.")
          .about("Receives PostgreSQL streaming write-ahead logs, as pg_receivewal does.")
          .example("walstream receive -D wal -h primary -U repl --slot=archive --synchronous")
          .section(
              "Options",
              value('D', "directory", "DIR", "receive write-ahead log files into this directory"),
              value('E', "endpos", "LSN", "exit after receiving the specified LSN"),
              flag("if-not-exists", "do not error if slot already exists when creating a slot"),
              flag('n', "no-loop", "do not loop on connection lost"),
              flag("no-sync", "do not wait for changes to be written safely to disk"),
              flag("no-verify", "do not check the records' checksums as they arrive").ofOurOwn(),
              value(
                  's',
                  "status-interval",
                  "SECS",
                  "time between status packets sent to server (default: 10)"),
              value('S', "slot", "SLOTNAME", "replication slot to use"),
              flag("synchronous", "flush write-ahead log immediately after writing"),
              flag('v', "verbose", "output verbose messages"),
              Option.VERSION,
              value('Z', "compress", "METHOD[:DETAIL]", "compress as specified: gzip, lz4, zstd")
                  .among(CompressOption.METHODS),
              Option.HELP)
          .section(
              "Connection options",
              value('d', "dbname", "CONNSTR", "connection string"),
              value('h', "host", "HOSTNAME", "database server host or socket directory"),
              value('p', "port", "PORT", "database server port number"),
              value('U', "username", "NAME", "connect as specified database user"),
              flag('w', "no-password", "never prompt for password"),
              flag('W', "password", "force password prompt (should happen automatically)"))
          .section(
              "Optional actions",
              flag("create-slot", "create a new replication slot (for the slot's name see --slot)"),
              flag("drop-slot", "drop the replication slot (for the slot's name see --slot)"))
          .build();

  final ConnectionOptions connection = new ConnectionOptions();
  @Nullable Path directory;
  @Nullable String slot;
  boolean createSlot;
  boolean dropSlot;
  boolean ifNotExists;
  boolean synchronous;
  boolean noSync;
  boolean noVerify;
  boolean noLoop;
  boolean verbose;
  Duration statusInterval = Duration.ofSeconds(10);
  Compression compression = Compression.NONE;

  /// 0 when not given.
  long endLsn;

  /// @throws UsageException for a value that pg_receivewal refuses
  void take(Given given) {
    String value = given.value();
    switch (given.name()) {
      case "directory" -> directory = Path.of(value);
      case "dbname" -> connection.connectionString = value;
      case "endpos" -> endLsn = position(value);
      case "host" -> connection.host = value;
      case "port" -> connection.port = value;
      case "username" -> connection.user = value;
      case "no-loop" -> noLoop = true;
      case "no-password" -> connection.noPassword = true;
      case "password" -> connection.forcePassword = true;
      case "status-interval" ->
          statusInterval = Duration.ofSeconds(given.integer(0, STATUS_INTERVAL_MAX));
      case "slot" -> slot = value;
      case "verbose" -> verbose = true;
      case "compress" -> compression = CompressOption.parse(value);
      case "create-slot" -> createSlot = true;
      case "drop-slot" -> dropSlot = true;
      case "if-not-exists" -> ifNotExists = true;
      case "synchronous" -> synchronous = true;
      case "no-sync" -> noSync = true;
      case "no-verify" -> noVerify = true;
      default -> throw new IllegalStateException(given.name());
    }
  }

  private static long position(String text) {
    try {
      return Lsn.parse(text).value();
    } catch (IllegalArgumentException e) {
      throw new UsageException("could not parse end position \"%s\"".formatted(text));
    }
  }

  /// @throws UsageException for what pg_receivewal refuses in combination
  void checkTogether() {
    boolean slotAction = createSlot || dropSlot;
    if (createSlot && dropSlot) {
      throw new UsageException("cannot use --create-slot together with --drop-slot");
    }
    if (slotAction && slot == null) {
      throw new UsageException(
          "%s needs a slot to be specified using --slot"
              .formatted(dropSlot ? "--drop-slot" : "--create-slot"));
    }
    if (synchronous && noSync) {
      throw new UsageException("cannot use --synchronous together with --no-sync");
    }
    if (directory == null && !slotAction) {
      throw new UsageException("no target directory specified");
    }
  }
}
