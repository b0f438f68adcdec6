package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.FaultProxy;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;

/// LISTEN walstream_replication on a relay between a real primary and a real standby: each change
/// of state is told once, to sessions that do nothing but wait.
@Timeout(600)
class ListenIT {

  /// A session that has said LISTEN, through the JDBC driver.
  private static final class Listener implements AutoCloseable {
    private final Connection connection;
    private final List<String> heard = new ArrayList<>();

    Listener(Relay relay) throws Exception {
      connection =
          DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:%d/walstream?user=postgres".formatted(relay.port()));
      try (var statement = connection.createStatement()) {
        statement.execute("LISTEN walstream_replication");
      }
    }

    /// Waits for a notification, and forgets those before it.
    ///
    /// @return its payload
    String await(String subject, String state) throws Exception {
      return await(payload ->
          payload.contains("\"subject\": \"%s\"".formatted(subject))
              && payload.contains("\"state\": \"%s\"".formatted(state)));
    }

    private String await(Predicate<String> wanted) throws Exception {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
      while (deadline - System.nanoTime() > 0) {
        for (int i = 0; i < heard.size(); i++) {
          if (wanted.test(heard.get(i))) {
            String found = heard.get(i);
            heard.subList(0, i + 1).clear();
            return found;
          }
        }
        for (PGNotification one : connection.unwrap(PGConnection.class).getNotifications(1_000)) {
          assertThat(one.getName()).isEqualTo("walstream_replication");
          heard.add(one.getParameter());
        }
      }
      throw new AssertionError("not heard; but " + heard);
    }

    @Override
    public void close() throws Exception {
      connection.close();
    }
  }

  @Test
  void aStandbysLifeIsTold() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).start();
        var proxy = FaultProxy.to(relay.port());
        var listener = new Listener(relay);
        var standby =
            PostgresServer.standbyOf(primary, proxy.conninfo())
                .setting("cluster_name", "s1")
                .start()) {
      assertThat(listener.await("standby", "connected")).contains("\"pid\": ");
      assertThat(listener.await("standby", "catchup"))
          .contains("\"name\": \"s1\"", "\"previous\": \"connected\"");
      assertThat(listener.await("standby", "streaming")).contains("\"previous\": \"catchup\"");

      proxy.towardsClient().stall();
      primary.sql("CREATE TABLE t AS SELECT repeat('x', 700) FROM generate_series(1, 120000)");
      assertThat(listener.await("standby", "lagging"))
          .contains("\"previous\": \"streaming\"", "\"behind_bytes\": ");
      proxy.towardsClient().resume();
      assertThat(listener.await("standby", "streaming")).contains("\"previous\": \"lagging\"");

      proxy.cut();
      assertThat(listener.await("standby", "broken")).contains("\"reason\": ");
      assertThat(listener.await("standby", "streaming")).contains("\"name\": \"s1\"");
    }
  }

  /// Not through the proxy, which forgets a goodbye when it cannot hand on what comes the other
  /// way.
  @Test
  void aStandbysGoodbyeIsTold() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).start();
        var listener = new Listener(relay)) {
      relay.awaitFlushed(primary.sql("SELECT pg_switch_wal()"));
      try (var standby = relay.connect("replication=true application_name=s1")) {
        standby.startCopyBoth("START_REPLICATION PHYSICAL 0/2000000");
        assertThat(listener.await("standby", "streaming")).contains("\"name\": \"s1\"");
        standby.terminate();
      }
      assertThat(listener.await("standby", "disconnected")).contains("\"name\": \"s1\"");
    }
  }

  @Test
  void theUpstreamsLifeIsTold() throws Exception {
    try (var primary = Relay.primary(18).start();
        var proxy = FaultProxy.to(primary);
        var relay = Relay.of(proxy.conninfo()).start();
        var first = new Listener(relay);
        var second = new Listener(relay)) {
      proxy.refuse(true);
      proxy.cut();
      for (Listener each : List.of(first, second)) {
        assertThat(each.await("upstream", "broken")).contains("\"reason\": ", "\"previous\": ");
      }
      proxy.refuse(false);
      for (Listener each : List.of(first, second)) {
        assertThat(each.await("upstream", "connected")).contains("\"previous\": \"broken\"");
        assertThat(each.await("upstream", "streaming")).contains("127.0.0.1:" + proxy.port());
      }
    }
  }

  @Test
  void aSlotThatIsAboutToBeLostIsTold() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay =
            Relay.of(primary.conninfo())
                .set("wal_keep_size", "0")
                .set("max_slot_wal_keep_size", "96MB")
                .start();
        var listener = new Listener(relay)) {
      try (var client = relay.connect()) {
        client.query("CREATE_REPLICATION_SLOT \"away\" PHYSICAL (RESERVE_WAL)");
        client.terminate();
      }
      primary.sql("CREATE TABLE t (id int)");
      writeSegments(primary, 6);
      assertThat(listener.await("slot", "at_risk"))
          .contains("\"name\": \"away\"", "max_slot_wal_keep_size");
      writeSegments(primary, 4);
      assertThat(listener.await("slot", "lost")).contains("\"reason\": \"wal_removed\"");
    }
  }

  /// psql prints what has come with the answer to its next command.
  @Test
  void psqlHears() throws Exception {
    PostgresTools tools = PostgresTools.forTest(18, "psql").orElse(null);
    assumeTrue(tools != null, PostgresTools.missing(18, "psql"));
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).start()) {
      Path script = relay.directory().path().resolve("listen.sql");
      Files.writeString(
          script,
          "LISTEN walstream_replication;\nSELECT pg_listening_channels();\n"
              + "SELECT pg_sleep(0.2);\n".repeat(300));
      try (var psql =
          CrashProcess.start(
              tools.command(
                  "psql",
                  "-X",
                  "-At",
                  "-d",
                  relay.conninfo() + " dbname=walstream",
                  "-f",
                  script.toString()))) {
        Eventually.holds("psql listens", () -> psql.output().contains("walstream_replication"));
        try (var client = relay.connect()) {
          client.query("IDENTIFY_SYSTEM");
          client.terminate();
        }
        psql.awaitPrinted("Asynchronous notification \"walstream_replication\" with payload");
        psql.awaitPrinted("\"subject\": \"standby\"");
      }
    }
  }

  private static void writeSegments(PostgresServer primary, int count) {
    for (int i = 0; i < count; i++) {
      primary.sql("INSERT INTO t VALUES (0)");
      primary.sql("SELECT pg_switch_wal()");
    }
  }
}
