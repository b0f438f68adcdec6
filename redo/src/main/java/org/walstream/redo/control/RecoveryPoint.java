package org.walstream.redo.control;

import java.io.IOException;

/// How far WAL must be replayed before the directory is consistent: `minRecoveryPoint` of
/// pg_control. Nothing that a record does reaches the disk, or is taken from it, before the record
/// is behind that point durably. Any thread.
public interface RecoveryPoint {

  /// Makes `minRecoveryPoint` at least `lsn`, durably, before it returns.
  void require(long lsn) throws IOException;
}
