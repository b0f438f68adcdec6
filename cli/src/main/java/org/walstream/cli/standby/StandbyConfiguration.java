package org.walstream.cli.standby;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.cluster.ClusterSettings;
import org.walstream.cli.cluster.TargetText;
import org.walstream.node.config.ConfigurationException;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.redo.recovery.RecoveryTarget;
import org.walstream.redo.recovery.RecoveryTargetAction;
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
    return new StandbySettings(
        data,
        new StandbySettings.Commands(
            settings.restoreCommand(),
            settings.text("archive_cleanup_command", ""),
            settings.text("recovery_end_command", ""),
            settings.text("archive_command", "")),
        upstream(settings),
        timeline(settings.text("recovery_target_timeline", "latest")),
        Duration.ofMillis(
            settings.number("wal_retrieve_retry_interval", GucUnit.MILLISECONDS, 1, 5000)),
        settings.number("wal_keep_size", GucUnit.MEGABYTES, 0, 0) << 20,
        Optional.of(settings.text("promote_trigger_file", ""))
            .filter(name -> !name.isEmpty())
            .map(data::resolve),
        settings.archiveMode(),
        RecoveryOptions.of(data)
            .withRestartPoints(settings.restartPoints())
            .withAllowInPlaceTablespaces(settings.allowInPlaceTablespaces())
            .withWalLogHints(settings.walLogHints())
            .withTarget(target(settings))
            .withTargetAction(action(settings))
            .withMinApplyDelay(
                Duration.ofMillis(
                    settings.number("recovery_min_apply_delay", GucUnit.MILLISECONDS, 0, 0))));
  }

  private static RecoveryTarget target(ClusterSettings settings) throws ConfigurationException {
    String name = targetSet(settings);
    if (name == null) {
      return new RecoveryTarget.EndOfWal();
    }
    String value = settings.text(name, "");
    try {
      return target(name, value, settings.isOn("recovery_target_inclusive", true));
    } catch (IllegalArgumentException e) {
      throw invalid(name, value);
    }
  }

  /// As a server takes them one after the other, even an empty one is refused behind another that
  /// is set: it is to take back what it has not set.
  private static @Nullable String targetSet(ClusterSettings settings)
      throws ConfigurationException {
    String set = null;
    for (String name : settings.names()) {
      if (TARGETS.contains(name)) {
        if (set != null) {
          throw new ConfigurationException(
              "multiple recovery targets specified: at most one of %s may be set"
                  .formatted(String.join(", ", TARGETS)));
        }
        set = settings.text(name, "").isEmpty() ? null : name;
      }
    }
    return set;
  }

  private static RecoveryTarget target(String name, String value, boolean inclusive) {
    return switch (name) {
      case "recovery_target_lsn" -> TargetText.lsn(value, inclusive);
      case "recovery_target_name" -> TargetText.name(value);
      case "recovery_target_time" -> TargetText.time(value, inclusive);
      case "recovery_target_xid" -> TargetText.xid(value, inclusive);
      default -> {
        if (!value.equals("immediate")) {
          throw new IllegalArgumentException("the only allowed value is \"immediate\"");
        }
        yield new RecoveryTarget.Immediate();
      }
    };
  }

  /// Where no query can be asked, nobody can let replay go on: then a server does not pause.
  private static RecoveryTargetAction action(ClusterSettings settings)
      throws ConfigurationException {
    String text = settings.text("recovery_target_action", "pause");
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "pause" ->
          settings.isOn("hot_standby", true)
              ? RecoveryTargetAction.PAUSE
              : RecoveryTargetAction.SHUTDOWN;
      case "promote" -> RecoveryTargetAction.PROMOTE;
      case "shutdown" -> RecoveryTargetAction.SHUTDOWN;
      default -> throw invalid("recovery_target_action", text);
    };
  }

  private static ConfigurationException invalid(String name, String value) {
    return new ConfigurationException(
        "invalid value for parameter \"%s\": \"%s\"".formatted(name, value));
  }

  /// The primary; empty when nothing is to be streamed.
  static Optional<StandbySettings.Upstream> upstream(ClusterSettings settings)
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
          throw invalid("recovery_target_timeline", text);
        }
      }
    };
  }
}
