package org.walstream.cli.waldump;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.walstream.cli.CommandRunner;
import org.walstream.cli.Program;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// A server that has written WAL of many kinds and was then killed: what both dumpers are shown.
///
/// Words in a command line stand for what is only known then:
///
/// ```
/// @dir    the data directory          @seg1 @seg2 @seg3   segment files, without path
/// @wal    its pg_wal                  @start @mid @end    positions: of the first segment, of a
/// @rel    spc/db/rel of a table                           record, of one after it
/// @xid    a transaction
/// ```
final class DumpedServer implements AutoCloseable {

  /// How a program ended, and what it printed.
  record Run(int exitCode, String output, String errors) {}

  private static final WalSegmentSize SEGMENT = new WalSegmentSize(1 << 20);

  private final int major;
  private final PostgresServer server;
  private final Optional<PostgresTools> tools;
  private long startLsn;
  private String midLsn = "";
  private String endLsn = "";
  private String relation = "";
  private String xid = "";

  DumpedServer(int major) {
    this.major = major;
    this.tools = PostgresTools.forTest(major, "pg_waldump");
    this.server =
        PostgresServer.builder(major)
            .walSegmentMegabytes(1)
            .setting("autovacuum", "off")
            .setting("wal_keep_size", "500MB")
            .setting("wal_level", "logical")
            .setting("max_prepared_transactions", "5")
            .setting("track_commit_timestamp", "on")
            .start();
    work();
    server.kill9();
  }

  private void work() {
    startLsn = Lsn.parse(server.sql("SELECT pg_switch_wal()")).value();
    startLsn = SEGMENT.start(SEGMENT.segmentNumber(startLsn) + 1);
    server.sql("CREATE TABLE t (id int PRIMARY KEY, words text)");
    server.sql("INSERT INTO t SELECT g, md5(g::text) FROM generate_series(1, 9000) g");
    server.sql("CHECKPOINT");
    server.sql("SET wal_compression = on; UPDATE t SET words = words || 'x' WHERE id % 7 = 0");
    midLsn = server.sql("SELECT pg_current_wal_insert_lsn()");
    xid = server.sql("INSERT INTO t VALUES (0, 'zero') RETURNING xmin");
    server.sql("DELETE FROM t WHERE id % 5 = 0");
    server.sql("BEGIN; INSERT INTO t VALUES (-1, ''); PREPARE TRANSACTION 'p'");
    server.sql("COMMIT PREPARED 'p'");
    server.sql("BEGIN; SAVEPOINT s; DELETE FROM t WHERE id = 1; ROLLBACK");
    server.sql("SELECT pg_logical_emit_message(true, 'note', 'in the middle')");
    server.sql("SELECT pg_logical_emit_message(false, 'large', repeat('x', 3000000))");
    server.sql("VACUUM FREEZE t");
    server.sql("CREATE SEQUENCE s; SELECT nextval('s')");
    relation =
        server.sql(
            "SELECT format('%s/%s/%s', CASE reltablespace WHEN 0 THEN 1663 ELSE reltablespace END,"
                + " (SELECT oid FROM pg_database WHERE datname = current_database()),"
                + " pg_relation_filenode(oid)) FROM pg_class WHERE relname = 't'");
    server.sql("SELECT pg_switch_wal()");
    server.sql("CREATE TABLE u AS SELECT g FROM generate_series(1, 3000) g");
    server.sql("CHECKPOINT");
    server.sql("UPDATE t SET words = 'again' WHERE id < 100");
    endLsn = server.sql("SELECT pg_current_wal_insert_lsn()");
    server.sql("INSERT INTO t VALUES (-2, 'the last')");
    server.sql("DROP TABLE u");
  }

  int major() {
    return major;
  }

  Path walDirectory() {
    return server.walDirectory();
  }

  /// The command line's words, those that stand for others replaced.
  List<String> words(String commandLine) {
    return Arrays.stream(commandLine.split(" ", -1))
        .filter(word -> !word.isEmpty())
        .map(this::replace)
        .toList();
  }

  private String replace(String word) {
    return word.replace("@dir", server.dataDirectory().toString())
        .replace("@wal", server.walDirectory().toString())
        .replace("@seg1", segment(0))
        .replace("@seg2", segment(1))
        .replace("@seg3", segment(2))
        .replace("@start", Lsn.format(startLsn))
        .replace("@mid", midLsn)
        .replace("@end", endLsn)
        .replace("@rel", relation)
        .replace("@xid", xid);
  }

  private String segment(int number) {
    return WalSegmentName.containing(
            TimelineId.FIRST, startLsn + (long) number * SEGMENT.bytes(), SEGMENT)
        .fileName();
  }

  /// What pg_waldump does, in our name.
  Run theirs(List<String> words) {
    assumeTrue(tools.isPresent(), PostgresTools.missing(major, "pg_waldump"));
    try {
      var command =
          new ArrayList<>(tools.orElseThrow().command("pg_waldump", words.toArray(String[]::new)));
      var builder = new ProcessBuilder(command);
      builder.environment().put("TZ", "UTC");
      builder.environment().put("LC_ALL", "C");
      Path errors = Files.createTempFile("pg_waldump", ".err");
      Process process = builder.redirectError(errors.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exitCode = process.waitFor();
      String said = Files.readString(errors);
      Files.delete(errors);
      String ourName = said.replaceAll("(?m)^(.*/)?pg_waldump:", "walstream waldump:");
      return new Run(exitCode, output, ourName.replace("\"pg_waldump ", "\"walstream waldump "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Run ours(List<String> words) {
    var output = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    int exitCode =
        new CommandRunner(
                Program.ofCommand("waldump"),
                new PrintStream(output, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8))
            .run(new WaldumpCommand(output), words);
    return new Run(
        exitCode, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }

  @Override
  public String toString() {
    return "PostgreSQL " + major;
  }
}
