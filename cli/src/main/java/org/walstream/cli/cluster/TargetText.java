package org.walstream.cli.cluster;

import java.time.DateTimeException;
import org.walstream.cli.line.Moment;
import org.walstream.node.time.SystemTimeZone;
import org.walstream.redo.recovery.RecoveryTarget;
import org.walstream.wal.Lsn;

/// Recovery targets as text, the same on a command line and in `postgresql.conf`.
///
/// Counterpart of the check hooks of `recovery_target_*`,
/// src/backend/access/transam/xlogrecovery.c.
public final class TargetText {

  /// MAXFNAMELEN
  private static final int NAME_LENGTH_MAX = 64;

  private TargetText() {}

  /// @throws IllegalArgumentException when it is no LSN
  public static RecoveryTarget lsn(String text, boolean inclusive) {
    return new RecoveryTarget.AtLsn(Lsn.parse(text).value(), inclusive);
  }

  /// Only the low half counts.
  ///
  /// @throws IllegalArgumentException when it is no number
  public static RecoveryTarget xid(String text, boolean inclusive) {
    return new RecoveryTarget.AtXid((int) Long.parseUnsignedLong(text), inclusive);
  }

  /// @throws IllegalArgumentException when no restore point is called so
  public static RecoveryTarget name(String text) {
    if (text.isEmpty() || text.length() >= NAME_LENGTH_MAX) {
      throw new IllegalArgumentException("a restore point's name has 1 to 63 characters");
    }
    return new RecoveryTarget.AtName(text);
  }

  /// Without an offset it is local time.
  ///
  /// @throws IllegalArgumentException when it is no time
  public static RecoveryTarget time(String text, boolean inclusive) {
    try {
      return new RecoveryTarget.AtTime(Moment.micros(text, SystemTimeZone.rules()), inclusive);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
