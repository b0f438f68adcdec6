package org.walstream.cli.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.cli.cluster.ClusterSettings;
import org.walstream.node.config.ConfigurationException;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.redo.recovery.RecoveryTarget;
import org.walstream.redo.recovery.RecoveryTargetAction;
import org.walstream.standby.StandbySettings;

class StandbyConfigurationTest {

  @TempDir Path data;

  private StandbySettings read(String... rows) throws Exception {
    Files.writeString(data.resolve("postgresql.conf"), String.join("\n", rows) + "\n");
    return StandbyConfiguration.read(data, ClusterSettings.read(data, Map.of()));
  }

  private RecoveryOptions recovery(String... rows) throws Exception {
    return read(rows).recovery();
  }

  @Test
  void withoutATargetEverythingIsReplayedAtOnce() throws Exception {
    RecoveryOptions recovery = recovery();
    assertThat(recovery.target()).isEqualTo(new RecoveryTarget.EndOfWal());
    assertThat(recovery.targetAction()).isEqualTo(RecoveryTargetAction.PAUSE);
    assertThat(recovery.minApplyDelay()).isZero();
  }

  @Test
  void targetsHaveTheNamesOfTheServer() throws Exception {
    assertThat(recovery("recovery_target = 'immediate'").target())
        .isEqualTo(new RecoveryTarget.Immediate());
    assertThat(recovery("recovery_target_lsn = '0/30'").target())
        .isEqualTo(new RecoveryTarget.AtLsn(0x30, true));
    assertThat(recovery("recovery_target_xid = 731", "recovery_target_inclusive = no").target())
        .isEqualTo(new RecoveryTarget.AtXid(731, false));
    assertThat(recovery("recovery_target_name = 'here'").target())
        .isEqualTo(new RecoveryTarget.AtName("here"));
    assertThat(recovery("recovery_target_time = '2000-01-01 00:00:01+00'").target())
        .isEqualTo(new RecoveryTarget.AtTime(1_000_000, true));
    assertThat(recovery("recovery_target_name = ''").target())
        .isEqualTo(new RecoveryTarget.EndOfWal());
  }

  @Test
  void whatMeansNothingIsRefused() {
    for (String row :
        new String[] {
          "recovery_target = 'now'",
          "recovery_target_lsn = 'x'",
          "recovery_target_xid = 'x'",
          "recovery_target_time = 'tomorrow'",
          "recovery_target_action = 'wait'",
          "recovery_target_timeline = 'x'",
        }) {
      String name = row.substring(0, row.indexOf(' '));
      assertThatThrownBy(() -> read(row))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith("invalid value for parameter \"" + name + "\": ");
    }
    assertThatThrownBy(() -> read("recovery_target_xid = 1", "recovery_target_name = 'a'"))
        .hasMessageStartingWith("multiple recovery targets specified");
  }

  /// What a server 15 and one 18 make of the same rows.
  @Test
  void anEmptyTargetIsRefusedBehindAnotherOnly() throws Exception {
    assertThatThrownBy(() -> read("recovery_target_xid = 1", "recovery_target_name = ''"))
        .hasMessageStartingWith("multiple recovery targets specified");
    assertThat(recovery("recovery_target_name = ''", "recovery_target_xid = 1").target())
        .isEqualTo(new RecoveryTarget.AtXid(1, true));
    assertThat(
            recovery(
                    "recovery_target_name = 'x'",
                    "recovery_target_xid = 1",
                    "recovery_target_name = ''",
                    "recovery_target_xid = 2")
                .target())
        .as("each counts where it stands last")
        .isEqualTo(new RecoveryTarget.AtXid(2, true));
  }

  @Test
  void whatComesAtTheTarget() throws Exception {
    assertThat(recovery("recovery_target_action = promote").targetAction())
        .isEqualTo(RecoveryTargetAction.PROMOTE);
    assertThat(recovery("recovery_target_action = Shutdown").targetAction())
        .isEqualTo(RecoveryTargetAction.SHUTDOWN);
    assertThat(recovery("hot_standby = off").targetAction())
        .as("as a server: nobody could let it go on")
        .isEqualTo(RecoveryTargetAction.SHUTDOWN);
  }

  @Test
  void aDelayAndTheFileThatPromotes() throws Exception {
    StandbySettings settings = read("recovery_min_apply_delay = 5min", "promote_trigger_file = go");
    assertThat(settings.recovery().minApplyDelay()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.promoteTriggerFile()).hasValue(data.resolve("go"));
  }
}
