package org.walstream.redo.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// What recovery is asked for.
///
/// @param minor whose replay is imitated, see [RedoProfile]; -1 for the newest
/// @param restartPoints how often recovery moves the place where it would begin again
/// @param skipCustomRmgrs whether records of extensions' resource managers are passed over
/// @param allowInPlaceTablespaces whether `pg_tblspc` may hold directories: with
///   `allow_in_place_tablespaces` on the server
/// @param walLogHints the `wal_log_hints` of the server whose directory this is: a standby goes by
///   its own configuration, whatever the primary's is. Empty where it is not known; then
///   `pg_control` tells what the primary had as recovery began
/// @param standby whether WAL may still be on its way: then recovery begins with what is there, and
///   is consistent when it is
/// @param targetAction what becomes of the directory at the target
/// @param minApplyDelay how old a commit must be before it is replayed: `recovery_min_apply_delay`
public record RecoveryOptions(
    Path dataDirectory,
    RecoveryTarget target,
    int minor,
    Budget restartPoints,
    boolean skipCustomRmgrs,
    boolean allowInPlaceTablespaces,
    Optional<Boolean> walLogHints,
    boolean standby,
    RecoveryTargetAction targetAction,
    Duration minApplyDelay) {

  /// How much may be replayed before the next restart point; the first to be reached counts.
  ///
  /// @param time as `checkpoint_timeout`
  /// @param walBytes as `max_wal_size`
  public record Budget(Duration time, long walBytes) {

    public static final Budget DEFAULT = new Budget(Duration.ofMinutes(5), 1L << 30);
  }

  /// To the end of the WAL, as the newest minor version does it.
  public static RecoveryOptions of(Path dataDirectory) {
    return new RecoveryOptions(
        dataDirectory,
        new RecoveryTarget.EndOfWal(),
        -1,
        Budget.DEFAULT,
        false,
        false,
        Optional.empty(),
        false,
        RecoveryTargetAction.SHUTDOWN,
        Duration.ZERO);
  }

  public RecoveryOptions withTarget(RecoveryTarget other) {
    return with(draft -> draft.target = other);
  }

  public RecoveryOptions withMinor(int other) {
    return with(draft -> draft.minor = other);
  }

  public RecoveryOptions withRestartPoints(Budget other) {
    return with(draft -> draft.restartPoints = other);
  }

  public RecoveryOptions withSkipCustomRmgrs(boolean skip) {
    return with(draft -> draft.skipCustomRmgrs = skip);
  }

  public RecoveryOptions withAllowInPlaceTablespaces(boolean allow) {
    return with(draft -> draft.allowInPlaceTablespaces = allow);
  }

  public RecoveryOptions withWalLogHints(Optional<Boolean> other) {
    return with(draft -> draft.walLogHints = other);
  }

  public RecoveryOptions withStandby(boolean on) {
    return with(draft -> draft.standby = on);
  }

  public RecoveryOptions withTargetAction(RecoveryTargetAction other) {
    return with(draft -> draft.targetAction = other);
  }

  public RecoveryOptions withMinApplyDelay(Duration other) {
    return with(draft -> draft.minApplyDelay = other);
  }

  private RecoveryOptions with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// Options of which one is being changed.
  private static final class Draft {

    private final Path dataDirectory;
    private RecoveryTarget target;
    private int minor;
    private Budget restartPoints;
    private boolean skipCustomRmgrs;
    private boolean allowInPlaceTablespaces;
    private Optional<Boolean> walLogHints;
    private boolean standby;
    private RecoveryTargetAction targetAction;
    private Duration minApplyDelay;

    Draft(RecoveryOptions from) {
      dataDirectory = from.dataDirectory;
      target = from.target;
      minor = from.minor;
      restartPoints = from.restartPoints;
      skipCustomRmgrs = from.skipCustomRmgrs;
      allowInPlaceTablespaces = from.allowInPlaceTablespaces;
      walLogHints = from.walLogHints;
      standby = from.standby;
      targetAction = from.targetAction;
      minApplyDelay = from.minApplyDelay;
    }

    RecoveryOptions options() {
      return new RecoveryOptions(
          dataDirectory,
          target,
          minor,
          restartPoints,
          skipCustomRmgrs,
          allowInPlaceTablespaces,
          walLogHints,
          standby,
          targetAction,
          minApplyDelay);
    }
  }
}
