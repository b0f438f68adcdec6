package org.walstream.cli.standby;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.walstream.cli.cluster.ClusterSettings;
import org.walstream.node.config.ConfigurationException;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.send.guc.GucUnit;
import org.walstream.standby.StandbySettings;
import org.walstream.wal.TimelineId;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoException;
import org.walstream.wire.conninfo.ConnInfoOption;

/// A server's configuration, as its startup process and receiver read it.
final class StandbyConfiguration {

  private static final List<String> TARGETS =
      List.of(
          "recovery_target",
          "recovery_target_lsn",
          "recovery_target_name",
          "recovery_target_time",
          "recovery_target_xid");

  private StandbyConfiguration() {}

  /// @throws ConfigurationException for a value that means nothing
  static StandbySettings read(Path data, ClusterSettings settings) throws ConfigurationException {
    refuseTargets(settings);
    return new StandbySettings(
        data,
        settings.restoreCommand(),
        upstream(settings),
        timeline(settings.text("recovery_target_timeline", "latest")),
        Duration.ofMillis(
            settings.number("wal_retrieve_retry_interval", GucUnit.MILLISECONDS, 1, 5000)),
        settings.number("wal_keep_size", GucUnit.MEGABYTES, 0, 0) << 20,
        settings.archiveMode(),
        RecoveryOptions.of(data)
            .withRestartPoints(settings.restartPoints())
            .withAllowInPlaceTablespaces(settings.allowInPlaceTablespaces())
            .withWalLogHints(settings.walLogHints()));
  }

  private static void refuseTargets(ClusterSettings settings) throws ConfigurationException {
    for (String name : TARGETS) {
      if (!settings.text(name, "").isEmpty()) {
        throw new ConfigurationException(
            "parameter \"%s\" is set, but a standby replays everything: recover to a target with walstream replay"
                .formatted(name));
      }
    }
  }

  private static Optional<StandbySettings.Upstream> upstream(ClusterSettings settings)
      throws ConfigurationException {
    String conninfo = settings.text("primary_conninfo", "");
    if (conninfo.isBlank()) {
      return Optional.empty();
    }
    String slot = settings.text("primary_slot_name", "");
    return Optional.of(
        new StandbySettings.Upstream(
            conninfo(conninfo, settings.text("cluster_name", "")),
            slot.isEmpty() ? Optional.empty() : Optional.of(slot),
            settings.isOn("wal_receiver_create_temp_slot"),
            Duration.ofSeconds(
                settings.number("wal_receiver_status_interval", GucUnit.SECONDS, 0, 10)),
            Duration.ofMillis(
                settings.number("wal_receiver_timeout", GucUnit.MILLISECONDS, 0, 60_000))));
  }

  private static ConnInfo conninfo(String text, String clusterName) throws ConfigurationException {
    try {
      return ConnInfo.parse(text)
          .with(ConnInfoOption.DBNAME, "replication") // what .pgpass knows a walreceiver by
          .orElse(
              ConnInfo.EMPTY.with(
                  ConnInfoOption.FALLBACK_APPLICATION_NAME,
                  clusterName.isEmpty() ? "walreceiver" : clusterName));
    } catch (ConnInfoException e) {
      throw new ConfigurationException(
          "invalid value for parameter \"primary_conninfo\": " + e.getMessage());
    }
  }

  /// @return empty for `current`; 0 for `latest`
  private static Optional<Integer> timeline(String text) throws ConfigurationException {
    return switch (text) {
      case "current" -> Optional.empty();
      case "latest", "" -> Optional.of(0);
      default -> {
        try {
          yield Optional.of(TimelineId.parse(text).value());
        } catch (IllegalArgumentException e) {
          throw new ConfigurationException(
              "invalid value for parameter \"recovery_target_timeline\": \"%s\"".formatted(text));
        }
      }
    };
  }
}
