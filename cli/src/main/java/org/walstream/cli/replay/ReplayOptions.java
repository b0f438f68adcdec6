package org.walstream.cli.replay;

import static org.walstream.cli.line.Option.flag;
import static org.walstream.cli.line.Option.value;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.cluster.ClusterDirectory;
import org.walstream.cli.cluster.TargetText;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Moment;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.node.time.SystemTimeZone;
import org.walstream.redo.recovery.RecoveryTarget;
import org.walstream.send.guc.GucBoolean;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.GucNumber;
import org.walstream.send.guc.GucUnit;
import org.walstream.wal.TimelineId;

/// What the command line of `walstream replay` asks for. Targets have the names and meanings of
/// PostgreSQL's `recovery_target_*`.
///
/// Written while the command line is read, unchanged from then on.
final class ReplayOptions {

  private static final int WORKERS_MAX = 1024;
  private static final long FEWEST_BUFFERS = 16;
  private static final long MOST_BUFFERS = Integer.MAX_VALUE / 2;
  private static final int BLOCK_BYTES = 8192;

  static final CommandTable TABLE =
      CommandTable.of("replay", "[OPTION]...")
          .about(
              """
              Rolls a data directory that no server runs in (a base backup, a standby that
              was stopped or died) forward with WAL, and leaves it in recovery: PostgreSQL,
              or another walstream replay, goes on from there.\
              """)
          .example("walstream replay -D backup --wal archive --target-time '2026-11-24 10:00'")
          .section(
              "Options",
              value('D', "pgdata", "DIR", "the data directory (default: $PGDATA)"),
              value("wal", "DIR", "directory of WAL segments, compressed or not; may be repeated"),
              value(
                  "restore-command",
                  "CMD",
                  "command that fetches WAL (default: the directory's restore_command)"),
              value("timeline", "TLI", "latest, current or a number (default: latest)")
                  .among(List.of("latest", "current")),
              flag("verify", "compare pages with what wal_consistency_checking has logged"),
              flag("skip-custom-rmgr", "pass over records that extensions alone can replay"),
              value(
                  "redo-buffers",
                  "SIZE",
                  "memory for pages (default: the directory's shared_buffers)"),
              value("workers", "N", "threads that redo pages (default: one a processor)"),
              Option.VERSION,
              Option.HELP)
          .section(
              "Where to stop",
              value("target-lsn", "LSN", "at this position"),
              value("target-time", "TIME", "at this time of a transaction's end"),
              value("target-xid", "XID", "at the end of this transaction"),
              value("target-name", "NAME", "at this restore point"),
              flag("target-immediate", "as soon as the directory is consistent"),
              value("target-inclusive", "on|off", "behind the target, or before it (default: on)")
                  .among(List.of("on", "off")))
          .build();

  final List<Path> walDirectories = new ArrayList<>();
  @Nullable String restoreCommand;
  boolean verify;
  boolean skipCustomRmgrs;
  OptionalLong bufferBytes = OptionalLong.empty();
  int workers = Runtime.getRuntime().availableProcessors();

  /// Empty for `current`; 0 for `latest`.
  Optional<Integer> timeline = Optional.of(0);

  private @Nullable Path dataDirectory;
  private boolean inclusive = true;
  private @Nullable Given target;

  void take(Given given) {
    String value = given.value();
    switch (given.name()) {
      case "pgdata" -> dataDirectory = Path.of(value);
      case "wal" -> walDirectories.add(Path.of(value));
      case "restore-command" -> restoreCommand = value;
      case "timeline" -> timeline = timeline(value);
      case "verify" -> verify = true;
      case "skip-custom-rmgr" -> skipCustomRmgrs = true;
      case "redo-buffers" -> bufferBytes = OptionalLong.of(buffers(value));
      case "workers" -> workers = given.integer(1, WORKERS_MAX);
      case "target-inclusive" ->
          inclusive =
              GucBoolean.parse(value)
                  .orElseThrow(() ->
                      new UsageException(
                          "invalid value \"%s\" for option --target-inclusive".formatted(value)));
      case "target-lsn", "target-time", "target-xid", "target-name", "target-immediate" -> {
        parse(given, true);
        refuseSecond(given);
        target = given;
      }
      default -> throw new IllegalStateException(given.name());
    }
  }

  private void refuseSecond(Given given) {
    if (target != null && !target.name().equals(given.name())) {
      throw new UsageException(
          "cannot use --%s together with --%s".formatted(target.name(), given.name()));
    }
  }

  /// @throws UsageException unless it is clear what is to be replayed
  Path dataDirectory() {
    return ClusterDirectory.of(dataDirectory);
  }

  RecoveryTarget target() {
    return target == null ? new RecoveryTarget.EndOfWal() : parse(target, inclusive);
  }

  private static RecoveryTarget parse(Given given, boolean inclusive) {
    String value = given.value();
    try {
      return switch (given.name()) {
        case "target-lsn" -> TargetText.lsn(value, inclusive);
        case "target-time" ->
            new RecoveryTarget.AtTime(
                Moment.parse(value, "--target-time", SystemTimeZone.rules()), inclusive);
        case "target-xid" -> TargetText.xid(value, inclusive);
        case "target-name" -> TargetText.name(value);
        case "target-immediate" -> new RecoveryTarget.Immediate();
        default -> throw new IllegalStateException(given.name());
      };
    } catch (IllegalArgumentException e) {
      throw invalid(value, given.name());
    }
  }

  private static Optional<Integer> timeline(String text) {
    return switch (text) {
      case "current" -> Optional.empty();
      case "latest" -> Optional.of(0);
      default -> {
        try {
          yield Optional.of(TimelineId.parse(text).value());
        } catch (IllegalArgumentException e) {
          throw invalid(text, "timeline");
        }
      }
    };
  }

  /// In units of 8 kB unless it has one, as shared_buffers.
  private static long buffers(String text) {
    try {
      return BLOCK_BYTES
          * GucNumber.parse("redo-buffers", text, GucUnit.BLOCKS, FEWEST_BUFFERS, MOST_BUFFERS);
    } catch (GucException e) {
      throw invalid(text, "redo-buffers");
    }
  }

  private static UsageException invalid(String text, String option) {
    return new UsageException("invalid value \"%s\" for option --%s".formatted(text, option));
  }
}
