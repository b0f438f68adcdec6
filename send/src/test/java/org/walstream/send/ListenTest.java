package org.walstream.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Eventually;

/// LISTEN and UNLISTEN: who hears what, and when.
@Timeout(600)
class ListenTest {

  private static final String TOLD = "walstream_replication: ";

  @TempDir Path directory;
  @AutoClose private ServerFixture fixture;
  @AutoClose private RawClient client;

  @BeforeEach
  void open() throws Exception {
    fixture = new ServerFixture(directory);
    client = new RawClient(fixture.port);
    client.startup(Map.of("user", "trusted", "database", "walstream"));
  }

  @Test
  void anIdleSessionIsToldAtOnce() throws Exception {
    assertThat(client.query("LISTEN walstream_replication")).containsExactly("LISTEN");
    fixture.notifications.publish("one");
    assertThat(client.notification()).isEqualTo(TOLD + "one");
    fixture.notifications.publish("two");
    fixture.notifications.publish("three");
    assertThat(client.notification()).isEqualTo(TOLD + "two");
    assertThat(client.notification()).isEqualTo(TOLD + "three");
    assertThat(client.query("SHOW wal_level")).containsExactly("[replica]", "SHOW");
  }

  @Test
  void whoDoesNotListenIsNotTold() throws Exception {
    fixture.notifications.publish("before");
    client.query("LISTEN walstream_replication");
    client.query("UNLISTEN *");
    fixture.notifications.publish("after");
    assertThat(client.query("SHOW wal_level")).containsExactly("[replica]", "SHOW");
    client.query("LISTEN walstream_replication");
    client.query("DISCARD ALL");
    fixture.notifications.publish("later");
    assertThat(client.query("SHOW wal_level")).containsExactly("[replica]", "SHOW");
  }

  @Test
  void withinATransactionNothingIsTold() throws Exception {
    client.query("LISTEN walstream_replication");
    client.query("BEGIN");
    fixture.notifications.publish("one");
    assertThat(client.query("SHOW wal_level")).containsExactly("[replica]", "SHOW");
    assertThat(client.query("COMMIT")).containsExactly("COMMIT", TOLD + "one");
  }

  /// Each leaves the session as it was, which did not listen.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN; LISTEN walstream_replication; ROLLBACK",
        "BEGIN; SAVEPOINT s; LISTEN walstream_replication; ROLLBACK TO s; COMMIT",
        "BEGIN; LISTEN walstream_replication; UNLISTEN walstream_replication; COMMIT",
        "LISTEN walstream_replication; SHOW nonsense",
      })
  void whatIsRolledBackHasNoEffect(String sql) throws Exception {
    client.query(sql);
    fixture.notifications.publish("one");
    assertThat(client.query("SHOW wal_level")).containsExactly("[replica]", "SHOW");
  }

  @Test
  void whatIsRolledBackDoesNotEndListening() throws Exception {
    client.query("LISTEN walstream_replication");
    client.query("BEGIN; UNLISTEN *; ROLLBACK");
    fixture.notifications.publish("one");
    assertThat(client.notification()).isEqualTo(TOLD + "one");
  }

  @Test
  void listeningBeginsWithTheCommit() throws Exception {
    client.query("BEGIN; LISTEN walstream_replication");
    fixture.notifications.publish("too early");
    assertThat(client.query("COMMIT")).containsExactly("COMMIT");
    fixture.notifications.publish("one");
    assertThat(client.notification()).isEqualTo(TOLD + "one");
  }

  @Test
  void whatNobodyWillEverNotifyIsRefused() throws Exception {
    assertThat(client.query("LISTEN other"))
        .containsExactly(
            "ERROR 25006: cannot execute LISTEN during recovery ()"
                + " (The one channel here is \"walstream_replication\".)");
    assertThat(client.query("NOTIFY walstream_replication, 'x'"))
        .containsExactly("ERROR 25006: cannot execute NOTIFY during recovery () ()");
  }

  /// Far more than any socket holds: nobody waits for the client, which is told how much it has
  /// missed, and hears the newest.
  @Test
  void aClientThatDoesNotReadHoldsNobodyUp() throws Exception {
    client.query("LISTEN walstream_replication");
    String payload = "x".repeat(7_000);
    for (int i = 0; i < 20_000; i++) {
      fixture.notifications.publish(i + payload);
    }
    fixture.notifications.publish("last");
    String heard = client.notification();
    boolean missed = false;
    while (!heard.endsWith(" last")) {
      missed |= heard.contains("{\"missed\": ");
      heard = client.notification();
    }
    assertThat(missed).isTrue();
    assertThat(client.query("SHOW wal_level")).containsExactly("[replica]", "SHOW");
  }

  /// The session's end does not wait for the client either.
  @Test
  void aClientThatDoesNotReadCanBeTerminated() throws Exception {
    client.query("LISTEN walstream_replication");
    for (int i = 0; i < 20_000; i++) {
      fixture.notifications.publish("x".repeat(7_000));
    }
    int pid = fixture.server.activity().getFirst().client().pid();
    fixture.server.terminate(pid);
    Eventually.holds("the session is gone", () -> fixture.server.activity().isEmpty());
  }

  @Test
  void whatCameWhileACommandRanIsToldWithItsAnswer() throws Exception {
    client.query("LISTEN walstream_replication");
    client.say("SHOW wal_level; SHOW block_size");
    fixture.notifications.publish("one");
    List<String> heard = client.hear();
    assertThat(heard.contains(TOLD + "one") ? "" : client.notification()).isIn("", TOLD + "one");
    assertThat(heard).contains("[replica]", "[8192]");
  }
}
