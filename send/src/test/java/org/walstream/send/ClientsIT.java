package org.walstream.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.walstream.send.ServerFixture.SEGMENT_SIZE;
import static org.walstream.send.ServerFixture.START;
import static org.walstream.send.ServerFixture.append;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.store.WalLog;
import org.walstream.testkit.PostgresTools;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

/// PostgreSQL's own clients and its JDBC driver at our server.
@Timeout(600)
class ClientsIT {

  private static final int TOOLS_MAJOR = 15;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);

  @TempDir Path directory;
  @AutoClose private ServerFixture fixture;
  private WalLog log;

  @BeforeEach
  void open() throws Exception {
    fixture = new ServerFixture(directory);
    log = fixture.openLog(1, START);
  }

  @Test
  void pgReceivewalKeepsWhatWeHave() throws Exception {
    byte[] wal = append(log, random, 3 * SEGMENT_SIZE.bytes() + 12_345);
    Path target = Files.createDirectory(directory.resolve("received"));
    String end = Lsn.format(START + 3L * SEGMENT_SIZE.bytes());
    run(
        "pg_receivewal",
        "-D",
        target.toString(),
        "--create-slot",
        "--slot=s1",
        "-d",
        conninfo("rep"));
    fixture.slots.find("s1").orElseThrow().reserve(START);
    String output =
        run(
            "pg_receivewal",
            "-D",
            target.toString(),
            "--slot=s1",
            "--no-loop",
            "--verbose",
            "--synchronous",
            "--endpos=" + end,
            "-d",
            conninfo("rep"));
    assertThat(output).contains("stopped log streaming at 0/6");
    for (int i = 0; i < 3; i++) {
      var name =
          WalSegmentName.containing(
              TimelineId.FIRST, START + (long) i * SEGMENT_SIZE.bytes(), SEGMENT_SIZE);
      byte[] segment =
          Arrays.copyOfRange(wal, i * SEGMENT_SIZE.bytes(), (i + 1) * SEGMENT_SIZE.bytes());
      assertThat(Arrays.equals(Files.readAllBytes(target.resolve(name.fileName())), segment))
          .as(name.fileName())
          .isTrue();
    }
    run("pg_receivewal", "--drop-slot", "--slot=s1", "-d", conninfo("rep"));
    assertThat(fixture.slots.all()).isEmpty();
  }

  @Test
  void pgReceivewalIsToldWhyItMayNotIn() throws Exception {
    Path target = Files.createDirectory(directory.resolve("received"));
    assertThat(
            fail(
                "pg_receivewal",
                "-D",
                target.toString(),
                "--no-loop",
                "-d",
                "host=127.0.0.1 port=%d user=rep password=wrong".formatted(fixture.port)))
        .contains("FATAL:  password authentication failed for user \"rep\"");
    assertThat(fail("pg_receivewal", "-D", target.toString(), "--no-loop", "-d", conninfo("plain")))
        .contains("FATAL:  permission denied to start WAL sender")
        .contains("DETAIL:  Only roles with the REPLICATION attribute");
  }

  @Test
  void replicationConnectionHasNoExtendedProtocol() throws Exception {
    try (var connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/d?user=trusted&replication=database&assumeMinServerVersion=9.4&preferQueryMode=extended"
                    .formatted(fixture.port));
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT pg_is_in_recovery()"))
          .hasMessageContaining(
              "extended query protocol not supported in a replication connection");
    }
  }

  private String conninfo(String user) {
    return "host=127.0.0.1 port=%d user=%s password=%s".formatted(fixture.port, user, user);
  }

  private static String run(String tool, String... arguments) throws Exception {
    var result = execute(tool, arguments);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }

  private static String fail(String tool, String... arguments) throws Exception {
    var result = execute(tool, arguments);
    assertThat(result.exitCode()).as(result.output()).isNotZero();
    return result.output();
  }

  private record Result(int exitCode, String output) {}

  private static Result execute(String tool, String... arguments) throws Exception {
    var tools = PostgresTools.forTest(TOOLS_MAJOR, tool);
    assumeTrue(tools.isPresent(), PostgresTools.missing(TOOLS_MAJOR, tool));
    List<String> command = new ArrayList<>(tools.get().command(tool, arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
