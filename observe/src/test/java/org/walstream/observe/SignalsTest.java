package org.walstream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.observe.sql.SqlEngine;
import org.walstream.send.ServerFixture;
import org.walstream.send.StandbyClient;
import org.walstream.wire.PostgresException;
import org.walstream.wire.client.PgClient;

/// Who may end what others do, and what those are told whose session or statement is ended.
@Timeout(600)
class SignalsTest {

  @TempDir Path directory;
  private ServerFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new ServerFixture(directory, server -> new SqlEngine(new FixtureStatus(server)));
    var log = fixture.openLog(1, ServerFixture.START);
    ServerFixture.append(log, RandomGeneratorFactory.of("L64X128MixRandom").create(1), 1_000);
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private PgClient session(String user) throws Exception {
    return fixture.connect(fixture.conninfo(user) + " dbname=walstream");
  }

  private static String pid(PgClient session) throws Exception {
    return String.valueOf(session.query("SELECT pg_backend_pid()").text(0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "plain, plain, true",
    "signal, plain, true",
    "signal, super, false",
    "plain, super, false",
    "super, super, true",
    "super, signal, true",
    "plain, mon, false",
    "mon, plain, false",
  })
  void ownSessionsAreEndedAndOthersByWhoMay(String who, String whose, boolean may)
      throws Exception {
    try (PgClient ending = session(who);
        PgClient victim = session(whose)) {
      String end = "SELECT pg_terminate_backend(%s)".formatted(pid(victim));
      if (may) {
        assertThat(ending.query(end).text(0, 0)).isEqualTo("t");
        assertIsTold(() -> victim.query("SELECT 1"));
      } else {
        assertThatThrownBy(() -> ending.query(end))
            .hasMessageContaining("permission denied to terminate process")
            .extracting(e -> ((PostgresException) e).sqlState())
            .isEqualTo("42501");
        assertThat(victim.query("SELECT 1").text(0, 0)).isEqualTo("1");
      }
    }
  }

  @Test
  void refusalsSayWhoMight() throws Exception {
    try (PgClient plain = session("plain");
        PgClient mon = session("mon");
        PgClient superuser = session("super")) {
      assertThatThrownBy(() -> plain.query("SELECT pg_cancel_backend(%s)".formatted(pid(mon))))
          .extracting(e -> ((PostgresException) e).detail())
          .isEqualTo(
              "Only roles with privileges of the role whose query is being canceled or with"
                  + " privileges of the \"pg_signal_backend\" role may cancel this query.");
      assertThatThrownBy(
              () -> plain.query("SELECT pg_terminate_backend(%s)".formatted(pid(superuser))))
          .extracting(e -> ((PostgresException) e).detail())
          .isEqualTo(
              "Only roles with the SUPERUSER attribute may terminate processes of roles with the"
                  + " SUPERUSER attribute.");
      assertThatThrownBy(() -> plain.query("SELECT pg_reload_conf()"))
          .hasMessageContaining("permission denied for function pg_reload_conf");
      assertThat(superuser.query("SELECT pg_reload_conf()").text(0, 0)).isEqualTo("t");
      assertThat(superuser.parameter("is_superuser")).contains("on");
      assertThat(plain.query("SELECT pg_terminate_backend(1)").text(0, 0)).isEqualTo("f");
    }
  }

  @Test
  void endsItself() throws Exception {
    try (PgClient session = session("plain")) {
      assertIsTold(() -> session.query("SELECT pg_terminate_backend(pg_backend_pid())"));
    }
  }

  @Test
  void endsWhatRunsAndWaitsUntilItHasEnded() throws Exception {
    try (PgClient victim = session("plain");
        PgClient superuser = session("super")) {
      String pid = pid(victim);
      var running = CompletableFuture.supplyAsync(() -> error(victim, "SELECT pg_sleep(60)"));
      awaitActive(superuser, pid);
      assertThat(
              superuser.query("SELECT pg_terminate_backend(%s, 60000)".formatted(pid)).text(0, 0))
          .isEqualTo("t");
      assertThat(running.get().sqlState()).isEqualTo("57P01");
      assertThat(
              superuser
                  .query("SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid)
                  .text(0, 0))
          .isEqualTo("0");
    }
  }

  @Test
  void endsAStream() throws Exception {
    try (var standby = new StandbyClient(fixture.replicate("rep"));
        PgClient superuser = session("super")) {
      standby.start("START_REPLICATION 0/300000");
      standby.readWal(ServerFixture.START, ServerFixture.START + 1_000);
      assertThat(
              superuser
                  .query("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
                  .text(0, 0))
          .isEqualTo("t");
      assertThatThrownBy(
              () -> {
                while (true) {
                  standby.nextWal();
                }
              })
          .isInstanceOfAny(EOFException.class, PostgresException.class);
      while (!"0".equals(superuser.query("SELECT count(*) FROM pg_stat_replication").text(0, 0))) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void cancelRequestEndsTheStatementAndTheSessionGoesOn() throws Exception {
    try (PgClient session = session("plain");
        PgClient other = session("mon")) {
      String pid = pid(session);
      var running = CompletableFuture.supplyAsync(() -> error(session, "SELECT pg_sleep(60)"));
      awaitActive(other, pid);
      while (!running.isDone()) { // the first may come before the statement
        session.cancel();
      }
      assertThat(running.get().sqlState()).isEqualTo("57014");
      assertThat(running.get().primaryMessage())
          .isEqualTo("canceling statement due to user request");
      assertThat(session.query("SELECT 1").text(0, 0)).isEqualTo("1");
    }
  }

  @Test
  void superuserCancelsWhatOthersDo() throws Exception {
    try (PgClient session = session("plain");
        PgClient superuser = session("super")) {
      String pid = pid(session);
      var running = CompletableFuture.supplyAsync(() -> error(session, "SELECT pg_sleep(60)"));
      awaitActive(superuser, pid);
      while (!running.isDone()) {
        superuser.query("SELECT pg_cancel_backend(%s)".formatted(pid));
      }
      assertThat(running.get().sqlState()).isEqualTo("57014");
    }
  }

  private static void awaitActive(PgClient watching, String pid) throws Exception {
    String sql =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%sleep%' AND"
            + " pid = "
            + pid;
    while (!"1".equals(watching.query(sql).text(0, 0))) {
      Thread.onSpinWait();
    }
  }

  private static PostgresException error(PgClient session, String sql) {
    try {
      throw new AssertionError(session.query(sql).text(0, 0));
    } catch (PostgresException e) {
      return e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Asking {
    void ask() throws Exception;
  }

  private static void assertIsTold(Asking asking) {
    assertThatThrownBy(asking::ask)
        .isInstanceOfSatisfying(
            PostgresException.class,
            e -> {
              assertThat(e.severity()).isEqualTo("FATAL");
              assertThat(e.sqlState()).isEqualTo("57P01");
              assertThat(e.primaryMessage())
                  .isEqualTo("terminating connection due to administrator command");
            });
  }
}
