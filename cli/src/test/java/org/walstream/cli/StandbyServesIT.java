package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.testkit.PrivateFile;

/// A `walstream standby` between real servers: it answers queries of its status, and a real standby
/// follows it.
@Timeout(600)
class StandbyServesIT {

  private static PostgresServer primary(int major) {
    return PostgresServer.builder(major)
        .setting("autovacuum", "off")
        .setting("wal_keep_size", "1GB")
        .start();
  }

  private static PostgresServer ours(PostgresServer upstream, String... settings)
      throws IOException {
    PostgresServerBuilder builder =
        PostgresServer.standbyOf(upstream, upstream.conninfo() + " application_name=ours");
    for (int i = 0; i < settings.length; i += 2) {
      builder.setting(settings[i], settings[i + 1]);
    }
    PostgresServer home = builder.create();
    letIn(home);
    return home;
  }

  private static void letIn(PostgresServer home) throws IOException {
    PrivateFile.write(
        home.dataDirectory().resolve("walstream.users"),
        "\"postgres\" \"\" superuser\n\"guest\" \"\"\n\"rep\" \"\" replication\n");
  }

  /// A real standby that follows `upstream`, of a backup of the primary.
  private static PostgresServer below(
      PostgresServer primary, PostgresServer upstream, String... settings) {
    PostgresServerBuilder builder =
        PostgresServer.standbyOf(primary, upstream.conninfo() + " application_name=below");
    for (int i = 0; i < settings.length; i += 2) {
      builder.setting(settings[i], settings[i + 1]);
    }
    return builder.start();
  }

  private static void awaitRows(PostgresServer server, String rows) {
    Eventually.holds(
        server + " has rows " + rows,
        () -> server.sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t").equals(rows));
  }

  private static void awaitTrue(PostgresServer server, String query) {
    Eventually.holds(query, () -> server.sql(query).equals("t"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void aRealStandbyFollowsItAlsoWhenItIsPromoted(int major) throws Exception {
    try (var primary = primary(major);
        var ours = ours(primary);
        var standby = RunningStandby.start(ours)) {
      primary.sql("CREATE TABLE t (id int)");
      standby.awaitSaid("ready to accept read-only connections");
      standby.awaitSaid("started streaming WAL");
      RunningStandby.awaitReplayed(primary, "ours");
      try (var below = below(primary, ours)) {
        primary.sql("INSERT INTO t VALUES (1)");
        awaitRows(below, "1");
        awaitTrue(
            ours,
            "SELECT application_name || ' ' || state = 'below streaming' FROM pg_stat_replication");
        assertThat(ours.sql("SELECT status FROM pg_stat_wal_receiver")).isEqualTo("streaming");
        assertThat(ours.sql("SELECT pg_promote(true, 300)")).isEqualTo("t");
        assertThat(standby.awaitExit()).as(standby.said()).isZero();
        RunningStandby.giveToTheServer(ours);
        ours.start();
        ours.sql("INSERT INTO t VALUES (2)");
        awaitRows(below, "1 2");
        assertThat(ours.sql("SELECT timeline_id FROM pg_control_checkpoint()")).isEqualTo("2");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void itPassesTheUpstreamsNextTimelineOn(int major) throws Exception {
    try (var primary = primary(major);
        var middle =
            PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=middle")
                .start();
        var ours = ours(middle);
        var standby = RunningStandby.start(ours)) {
      primary.sql("CREATE TABLE t (id int)");
      primary.sql("INSERT INTO t VALUES (1)");
      standby.awaitSaid("started streaming WAL");
      try (var below = below(primary, ours)) {
        awaitRows(below, "1");
        RunningStandby.awaitReplayed(primary, "middle");
        primary.stopFast();
        middle.promote();
        middle.sql("INSERT INTO t VALUES (2)");
        awaitRows(below, "1 2");
        assertThat(below.sql("SELECT received_tli FROM pg_stat_wal_receiver")).isEqualTo("2");
        standby.stop();
        assertThat(standby.said()).doesNotContain("Exception");
        middle.sql("INSERT INTO t VALUES (3)");
      }
      RunningStandby.giveToTheServer(ours);
      ours.start();
      awaitRows(ours, "1 2 3");
    }
  }

  /// Each answer beside a real standby's of the same primary.
  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void itAnswersAsAStandbyDoes(int major) throws Exception {
    try (var primary = primary(major);
        var theirs =
            PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=theirs")
                .start();
        var ours = ours(primary);
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      primary.sql("CREATE TABLE t (id int)");
      primary.sql("INSERT INTO t VALUES (1)");
      RunningStandby.awaitReplayed(primary, "ours");
      RunningStandby.awaitReplayed(primary, "theirs");
      for (String query :
          new String[] {
            "SELECT pg_is_in_recovery()",
            "SELECT pg_last_wal_receive_lsn()",
            "SELECT pg_last_wal_replay_lsn()",
            "SELECT pg_last_xact_replay_timestamp()",
            "SELECT pg_is_wal_replay_paused()",
            "SELECT pg_get_wal_replay_pause_state()",
            "SELECT count(*) FROM pg_stat_recovery_prefetch",
            "SELECT status || ' ' || received_tli || ' ' || flushed_lsn FROM pg_stat_wal_receiver",
            "SELECT pg_wal_replay_resume()"
          }) {
        // Not at once: the primary may write a little by itself between the two.
        Eventually.holds(
            "the same answer to " + query, () -> ours.sql(query).equals(theirs.sql(query)));
      }
      for (String refused :
          new String[] {"SELECT pg_promote(true, 0)", "SELECT pg_promote(true, -1)"}) {
        assertThatThrownBy(() -> ours.sql(refused))
            .as(refused)
            .hasMessageContaining("\"wait_seconds\" must not be negative or zero");
      }
      ours.sql("SELECT pg_wal_replay_pause()");
      awaitTrue(ours, "SELECT pg_get_wal_replay_pause_state() = 'paused'");
      assertThat(ours.sql("SELECT pg_is_wal_replay_paused()")).isEqualTo("t");
      primary.sql("INSERT INTO t VALUES (2)");
      awaitTrue(ours, "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()");
      ours.sql("SELECT pg_wal_replay_resume()");
      awaitTrue(ours, "SELECT pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()");
      assertThat(ours.sql("SELECT pg_get_wal_replay_pause_state()")).isEqualTo("not paused");
      standby.stop();
    }
  }

  @Test
  void onlyASuperuserSaysWhatBecomesOfReplay() throws Exception {
    try (var primary = primary(18);
        var ours = ours(primary);
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      for (String function :
          new String[] {"pg_promote", "pg_wal_replay_pause", "pg_wal_replay_resume"}) {
        assertThatThrownBy(() -> asGuest(ours, "SELECT %s()".formatted(function)))
            .hasMessageContaining("permission denied for function " + function);
      }
      asGuest(ours, "SELECT pg_is_wal_replay_paused()");
      standby.stop();
    }
  }

  private static void asGuest(PostgresServer server, String query) throws Exception {
    try (var connection = java.sql.DriverManager.getConnection(server.jdbcUrl(), "guest", "");
        var statement = connection.createStatement()) {
      statement.execute(query);
    }
  }

  /// Slots are a server's: what is made here is there when a server goes on, and the other way
  /// round; and here too they keep WAL.
  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void itsSlotsAreAServersAndKeepWal(int major) throws Exception {
    try (var primary = primary(major);
        var ours = ours(primary, "max_wal_size", "32MB", "min_wal_size", "32MB")) {
      primary.sql("CREATE TABLE t (id int)");
      ours.start();
      RunningStandby.awaitReplayed(primary, "ours");
      ours.sql("SELECT pg_create_physical_replication_slot('theirs', true)");
      String needed = firstFile(primary, ours, "theirs");
      ours.stopFast();
      String made;
      try (var standby = RunningStandby.start(ours)) {
        standby.awaitSaid("started streaming WAL");
        assertThat(
                ours.sql(
                    "SELECT slot_name || ' ' || slot_type || ' ' || active FROM pg_replication_slots"))
            .isEqualTo("theirs physical false");
        ours.sql("SELECT pg_create_physical_replication_slot('ours', true)");
        made = ours.sql("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'ours'");
        for (int i = 0; i < 6; i++) {
          primary.sql("SELECT pg_switch_wal()");
          primary.sql("CHECKPOINT");
        }
        standby.awaitSaid("recovery restart point");
        RunningStandby.awaitReplayed(primary, "ours");
        standby.stop();
        assertThat(ours.walDirectory().resolve(needed)).exists();
      }
      RunningStandby.giveToTheServer(ours);
      ours.start();
      assertThat(
              ours.sql(
                  "SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots"))
          .isEqualTo("ours theirs");
      assertThat(ours.sql("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'ours'"))
          .isEqualTo(made);
      ours.sql("SELECT pg_drop_replication_slot('theirs')");
    }
  }

  private static String firstFile(PostgresServer primary, PostgresServer standby, String slot) {
    String lsn =
        standby.sql(
            "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = '%s'".formatted(slot));
    return primary.sql("SELECT pg_walfile_name('%s'::pg_lsn + 1)".formatted(lsn));
  }

  /// WAL that only the archive has any more is sent to a standby that has no archive.
  @Test
  void whatHasGoneFromHereComesOutOfTheArchive() throws Exception {
    try (var folder = ArchiveFolder.create();
        var primary =
            PostgresServer.builder(18)
                .setting("archive_mode", "on")
                .setting("archive_command", "cp %%p %s/%%f".formatted(folder.path()))
                .start();
        var ours =
            ours(
                primary,
                "archive_mode",
                "off",
                "max_wal_size",
                "32MB",
                "restore_command",
                "cp %s/%%f %%p".formatted(folder.path()));
        var below =
            PostgresServer.standbyOf(primary, ours.conninfo())
                .setting("archive_mode", "off")
                .create();
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      String label = Files.readString(below.dataDirectory().resolve("backup_label"));
      Path needed =
          ours.walDirectory()
              .resolve(label.substring(label.indexOf("(file ") + 6).substring(0, 24));
      primary.sql("CREATE TABLE t (id int)");
      primary.sql("INSERT INTO t VALUES (1)");
      Eventually.holds(needed + " is here", () -> Files.exists(needed));
      Eventually.holds(
          needed + " is gone",
          () -> {
            primary.sql("SELECT pg_switch_wal()");
            primary.sql("CHECKPOINT");
            return !Files.exists(needed);
          });
      below.start();
      awaitRows(below, "1");
      assertThat(ours.walDirectory().resolve(".older").resolve(needed.getFileName())).exists();
      primary.sql("INSERT INTO t VALUES (2)");
      awaitRows(below, "1 2");
      standby.stop();
    }
  }

  @Test
  void feedbackOfThoseBelowIsPassedOn() throws Exception {
    try (var primary = primary(18);
        var ours = ours(primary, "hot_standby_feedback", "on");
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      try (var _ = below(primary, ours, "hot_standby_feedback", "on")) {
        awaitTrue(
            primary,
            "SELECT bool_or(backend_xmin IS NOT NULL) FROM pg_stat_replication WHERE"
                + " application_name = 'ours'");
      }
      awaitTrue(
          primary,
          "SELECT bool_and(backend_xmin IS NULL) FROM pg_stat_replication WHERE application_name ="
              + " 'ours'");
      standby.stop();
    }
  }

  @Test
  void anAddressThatIsTakenKeepsNobodyFromReplaying() throws Exception {
    try (var primary = primary(18);
        var ours = ours(primary);
        var standby = RunningStandby.start(ours, "-c", "port=" + primary.port())) {
      standby.awaitSaid("nobody is let in there");
      standby.awaitSaid("started streaming WAL");
      primary.sql("CREATE TABLE t (id int)");
      RunningStandby.awaitReplayed(primary, "ours");
      standby.stop();
    }
  }

  /// A second start has no business with what the first is asked.
  @Test
  void aStartThatIsRefusedSwallowsNoRequest() throws Exception {
    try (var primary = primary(18);
        var ours = ours(primary);
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      Path request = Files.createFile(ours.dataDirectory().resolve("promote"));
      var second =
          CrashProcess.java(Main.class.getName(), "standby", "-D", ours.dataDirectory().toString());
      assertThat(second.awaitExit()).isEqualTo(1);
      assertThat(second.errors()).contains("lock file \"postmaster.pid\" already exists");
      assertThat(request).exists();
      standby.stop();
    }
  }
}
