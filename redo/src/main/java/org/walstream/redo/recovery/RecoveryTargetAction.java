package org.walstream.redo.recovery;

/// `recovery_target_action`: what becomes of the directory when the target has been reached.
public enum RecoveryTargetAction {
  /// Replay stands still; when it is to go on, recovery ends as with [#PROMOTE].
  PAUSE,
  /// It is made a primary's.
  PROMOTE,
  /// It stays in recovery.
  SHUTDOWN
}
