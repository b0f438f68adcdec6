package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.FaultProxy;
import org.walstream.testkit.Load;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;

/// `walstream standby` fills an empty directory itself.
@Timeout(600)
class StandbyFillIT {

  /// A standby's place, with nothing in it.
  static PostgresServer empty(PostgresServer primary) throws IOException {
    PostgresServer ours =
        PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=ours").create();
    try (var files = Files.walk(ours.dataDirectory())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(ours.dataDirectory())) {
          Files.delete(file);
        }
      }
    }
    return ours;
  }

  static String[] options(PostgresServer primary, String... more) {
    String conninfo = primary.conninfo() + " application_name=ours";
    var options = new ArrayList<>(List.of("--primary", conninfo));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  /// A directory that the server owns.
  static Path madeBy(PostgresServer primary, ScratchDirectory scratch) throws Exception {
    assertThat(new ProcessBuilder("chmod", "777", scratch.path().toString()).start().waitFor())
        .isZero();
    Path directory = scratch.path().resolve("space");
    primary.makeDirectory(directory);
    return directory;
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void anEmptyDirectoryBecomesAStandby(int major) throws Exception {
    try (var scratch = ScratchDirectory.create("fill");
        var primary = PostgresServer.builder(major).initdb("--data-checksums").start();
        var ours = empty(primary)) {
      Path space = madeBy(primary, scratch);
      Path newSpace = scratch.path().resolve("new = space");
      primary.sql("CREATE TABLESPACE space LOCATION '%s'".formatted(space));
      primary.sql("CREATE TABLE t (id bigserial, filler text) TABLESPACE space");
      primary.sql("INSERT INTO t (filler) SELECT 'row' FROM generate_series(1, 50000)");
      String[] options =
          options(
              primary,
              "--slot=ours",
              "--tablespace-mapping=%s=%s"
                  .formatted(space, newSpace.toString().replace("=", "\\=")));
      try (var load = Load.on(primary);
          var standby = RunningStandby.start(ours, options)) {
        standby.awaitSaid("started streaming WAL from primary at");
        standby.awaitSaid("consistent recovery state reached");
        load.close();
        RunningStandby.awaitReplayed(primary, "ours");
        Eventually.holds(
            "the slot for the time of the backup is gone",
            () ->
                primary.sql("SELECT count(*) FROM pg_replication_slots WHERE active").equals("1"));
        standby.stop();
      }
      try (var again = RunningStandby.start(ours, options)) {
        again.awaitSaid("started streaming WAL");
        again.stop();
        assertThat(again.said()).doesNotContain("base backup");
      }
      Path data = ours.dataDirectory();
      assertThat(Files.readString(data.resolve("postgresql.auto.conf")))
          .contains("primary_slot_name = 'ours'");
      assertThat(data.resolve("walstream.unfinished")).doesNotExist();
      RunningStandby.giveToTheServer(ours);
      assertThat(
              new ProcessBuilder("chown", "-R", "--reference=" + data, newSpace.toString())
                  .start()
                  .waitFor())
          .isZero();
      ours.set("hot_standby", "on");
      ours.start();
      assertThat(ours.sql(Load.CHECKSUM)).isEqualTo(primary.sql(Load.CHECKSUM));
      assertThat(
              ours.sql("SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE oid > 16000"))
          .isEqualTo(newSpace.toString());
    }
  }

  @Test
  void whatIsBrokenOffIsNoDataDirectoryAndIsBegunAnew() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var ours = empty(primary)) {
      primary.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 200000) i");
      try (var slow = FaultProxy.to(primary)) {
        slow.towardsClient().bandwidth(1_000_000); // or all might have come before the kill
        try (var killed =
            RunningStandby.start(ours, "--primary", slow.conninfo() + " application_name=ours")) {
          killed.awaitSaid("taking a base backup");
          killed.kill9();
        }
      }
      Path control = ours.dataDirectory().resolve("global/pg_control");
      assertThat(Files.exists(control, LinkOption.NOFOLLOW_LINKS)).isFalse();
      try (var standby = RunningStandby.start(ours, options(primary))) {
        standby.awaitSaid("consistent recovery state reached");
        RunningStandby.awaitReplayed(primary, "ours");
        standby.stop();
      }
    }
  }

  @Test
  void aPrimaryThatCannotBeReachedLeavesItEmpty() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var ours = empty(primary)) {
      String data = ours.dataDirectory().toString();
      var nobody =
          CrashProcess.java(
              Main.class.getName(), "standby", "-D", data, "--primary", "host=127.0.0.1 port=1");
      assertThat(nobody.awaitExit()).isEqualTo(1);
      assertThat(ours.dataDirectory()).isEmptyDirectory();
      Files.writeString(ours.dataDirectory().resolve("mine"), "x");
      var notEmpty =
          CrashProcess.java(
              Main.class.getName(), "standby", "-D", data, "--primary", primary.conninfo());
      assertThat(notEmpty.awaitExit()).isEqualTo(1);
      assertThat(notEmpty.errors()).contains("is not a database cluster directory");
      assertThat(ours.dataDirectory().resolve("mine")).exists();
    }
  }
}
