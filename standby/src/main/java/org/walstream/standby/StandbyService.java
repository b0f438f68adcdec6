package org.walstream.standby;

import java.io.IOException;
import org.walstream.redo.recovery.PostmasterPid;
import org.walstream.wal.control.ControlFile;

/// What else is done with a standby's directory for as long as it is ours: others are sent its WAL
/// and asked about it. Called by the thread that replays.
public interface StandbyService {

  /// Nothing else.
  StandbyService NONE = new StandbyService() {};

  /// The directory has been taken, and nothing in it has changed yet.
  ///
  /// @param control as it is before
  /// @param wal what may be sent of it; nothing, before replay has begun
  /// @return where clients are let in from now on
  /// @throws IOException if the directory had better not be run
  default PostmasterPid.Listening begin(ControlFile control, CascadedWal wal) throws IOException {
    return PostmasterPid.Listening.NOWHERE;
  }

  /// From where on WAL is to be kept for others, while it ends at `endLsn`.
  default long keepFrom(long endLsn) throws IOException {
    return endLsn;
  }

  /// Replay has ended, in whatever way, and the directory is given away.
  ///
  /// @param promoted whether it is a primary's now
  default void end(boolean promoted) throws IOException {}
}
