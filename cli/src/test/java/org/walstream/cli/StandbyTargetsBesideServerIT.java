package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.testkit.PrivateFile;

/// Recovery targets, each beside a real standby of the same primary with the same configuration:
/// what both say, where both stop, what both leave.
@Timeout(600)
class StandbyTargetsBesideServerIT {

  /// Where the target is, found out on the primary between two rows.
  private record Found(String lsn, String time, String xid) {

    String of(String target) {
      return switch (target) {
        case "lsn" -> lsn;
        case "time" -> time;
        case "xid" -> xid;
        case "name" -> "here";
        default -> "immediate";
      };
    }
  }

  private static Found work(PostgresServer primary) {
    primary.sql("CREATE TABLE t (id int)");
    primary.sql("INSERT INTO t VALUES (1)");
    String xid = primary.sql("INSERT INTO t VALUES (2) RETURNING xmin");
    String lsn = primary.sql("SELECT pg_current_wal_lsn()");
    String time = primary.sql("SELECT clock_timestamp()");
    primary.sql("INSERT INTO t VALUES (3)");
    primary.sql("SELECT pg_create_restore_point('here')");
    primary.sql("INSERT INTO t VALUES (4)");
    primary.sql("SELECT pg_switch_wal()");
    return new Found(lsn, time, xid);
  }

  private static PostgresServerBuilder standby(
      PostgresServer primary, boolean streams, Path archive) {
    return streams
        ? PostgresServer.standbyOf(primary, primary.conninfo())
        : PostgresServer.standbyOf(primary, "")
            .setting("restore_command", "cp %s/%%f %%p".formatted(archive));
  }

  @ParameterizedTest
  @CsvSource({
    "18, lsn, on, pause, true",
    "18, lsn, off, promote, true",
    "18, time, on, pause, false",
    "18, xid, on, promote, true",
    "18, xid, off, pause, true",
    "18, name, on, promote, false",
    "18, immediate, on, pause, true",
    "18, lsn, on, shutdown, false",
    "15, lsn, off, pause, false",
    "15, xid, off, promote, false",
    "15, time, on, promote, true",
    "15, immediate, on, promote, false"
  })
  void bothStopThere(int major, String target, String inclusive, String action, boolean streams)
      throws Exception {
    try (var folder = ArchiveFolder.create();
        var primary =
            PostgresServer.builder(major)
                .setting("archive_mode", "on")
                .setting("archive_command", "cp %%p %s/%%f".formatted(folder.path()))
                .setting("wal_keep_size", "1GB")
                .start();
        var theirs =
            standby(primary, streams, folder.path()).setting("archive_mode", "off").create();
        var ours =
            standby(primary, streams, folder.path()).setting("archive_mode", "off").create()) {
      PrivateFile.write(
          ours.dataDirectory().resolve("walstream.users"), "\"postgres\" \"\" superuser\n");
      Found found = work(primary);
      Eventually.holds(
          "all is archived",
          () ->
              primary
                  .sql(
                      "SELECT last_archived_wal >= pg_walfile_name('%s') FROM pg_stat_archiver"
                          .formatted(found.lsn))
                  .equals("t"));
      for (PostgresServer each : List.of(theirs, ours)) {
        each.set(
            target.equals("immediate") ? "recovery_target" : "recovery_target_" + target,
            found.of(target));
        each.set("recovery_target_inclusive", inclusive);
        each.set("recovery_target_action", action);
      }
      theirs.spawn();
      try (var standby = RunningStandby.start(ours)) {
        switch (action) {
          case "pause" -> {
            standby.awaitSaid("pausing at the end of recovery");
            awaitLogged(theirs, "pausing at the end of recovery");
            // Their backups are two: each is consistent where its own ends.
            for (String query :
                target.equals("immediate")
                    ? new String[0]
                    : new String[] {
                      "SELECT pg_last_wal_replay_lsn()",
                      "SELECT pg_last_xact_replay_timestamp()",
                      "SELECT pg_get_wal_replay_pause_state()"
                    }) {
              // Not at once: who says that it pauses has yet to.
              Eventually.holds(
                  "the same answer to " + query, () -> ours.sql(query).equals(theirs.sql(query)));
            }
            String rows = theirs.sql("SELECT count(*) FROM pg_class WHERE relname = 't'");
            theirs.stopFast();
            standby.stop();
            assertThat(rows).isNotEmpty();
          }
          case "promote" -> {
            assertThat(standby.awaitExit()).as(standby.said()).isZero();
            theirs.awaitConnections();
            Eventually.holds(
                "they are a primary", () -> theirs.sql("SELECT pg_is_in_recovery()").equals("f"));
            assertThat(history(ours, target)).isEqualTo(history(theirs, target));
            RunningStandby.giveToTheServer(ours);
            ours.start();
            assertThat(rows(ours)).isEqualTo(rows(theirs));
          }
          default -> {
            assertThat(standby.awaitExit()).as(standby.said()).isZero();
            awaitLogged(theirs, "database system is shut down");
            assertThat(theirs.log()).contains("shutdown at recovery target");
          }
        }
        assertThat(stopping(standby.said())).as(standby.said()).isEqualTo(stopping(theirs.log()));
        assertThat(starting(standby.said())).isEqualTo(starting(theirs.log()));
      }
    }
  }

  private static String rows(PostgresServer server) {
    return server.sql("SELECT count(*) FROM pg_class WHERE relname = 't'").equals("0")
        ? "no table"
        : server.sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t");
  }

  private static String history(PostgresServer server, String target) throws Exception {
    String file = Files.readString(server.walDirectory().resolve("00000002.history"));
    return target.equals("immediate") ? file.substring(file.lastIndexOf('\t')) : file;
  }

  private static void awaitLogged(PostgresServer server, String text) {
    Eventually.holds(server + " says " + text, () -> server.log().contains(text));
  }

  private static Optional<String> stopping(String log) {
    return line(log, "recovery stopping ");
  }

  private static Optional<String> starting(String log) {
    return line(log, "starting point-in-time recovery ");
  }

  private static Optional<String> line(String log, String begin) {
    return log.lines()
        .filter(line -> line.contains(begin))
        .map(line -> line.substring(line.indexOf(begin)).strip())
        .findFirst();
  }
}
