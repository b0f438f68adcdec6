package org.walstream.redo.recovery;

import java.nio.file.Path;
import java.time.Duration;

/// What recovery is asked for.
///
/// @param minor whose replay is imitated, see [RedoProfile]; -1 for the newest
/// @param restartPoints how often recovery moves the place where it would begin again
/// @param skipCustomRmgrs whether records of extensions' resource managers are passed over
/// @param allowInPlaceTablespaces whether `pg_tblspc` may hold directories: with
///   `allow_in_place_tablespaces` on the server
public record RecoveryOptions(
    Path dataDirectory,
    RecoveryTarget target,
    int minor,
    Budget restartPoints,
    boolean skipCustomRmgrs,
    boolean allowInPlaceTablespaces) {

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
        dataDirectory, new RecoveryTarget.EndOfWal(), -1, Budget.DEFAULT, false, false);
  }

  public RecoveryOptions withTarget(RecoveryTarget other) {
    return new RecoveryOptions(
        dataDirectory, other, minor, restartPoints, skipCustomRmgrs, allowInPlaceTablespaces);
  }

  public RecoveryOptions withMinor(int other) {
    return new RecoveryOptions(
        dataDirectory, target, other, restartPoints, skipCustomRmgrs, allowInPlaceTablespaces);
  }

  public RecoveryOptions withRestartPoints(Budget other) {
    return new RecoveryOptions(
        dataDirectory, target, minor, other, skipCustomRmgrs, allowInPlaceTablespaces);
  }

  public RecoveryOptions withSkipCustomRmgrs(boolean skip) {
    return new RecoveryOptions(
        dataDirectory, target, minor, restartPoints, skip, allowInPlaceTablespaces);
  }

  public RecoveryOptions withAllowInPlaceTablespaces(boolean allow) {
    return new RecoveryOptions(dataDirectory, target, minor, restartPoints, skipCustomRmgrs, allow);
  }
}
