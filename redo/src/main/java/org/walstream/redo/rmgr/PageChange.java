package org.walstream.redo.rmgr;

/// What has become of a page that a record was redone on.
public enum PageChange {
  /// It is as it was: the record referred to it for other reasons, such as a lock.
  NONE,

  /// It has changed, but its LSN stays: a hint that no log tells of.
  HINT,

  /// It has changed, and its LSN is where the record ends.
  LOGGED
}
