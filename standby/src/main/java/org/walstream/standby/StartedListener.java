package org.walstream.standby;

import java.io.IOException;
import org.walstream.redo.recovery.PostmasterPid;
import org.walstream.redo.recovery.RecoveryListener;

/// Tells `pg_ctl`, besides what recovery has to say, that the standby has started: once the
/// directory is consistent, as a server that lets readers in does; at once where nobody is let in.
final class StartedListener implements RecoveryListener {

  private final RecoveryListener words;
  private final PostmasterPid pid;
  private final PostmasterPid.Listening where;

  StartedListener(RecoveryListener words, PostmasterPid pid, PostmasterPid.Listening where)
      throws IOException {
    this.words = words;
    this.pid = pid;
    this.where = where;
    if (where.equals(PostmasterPid.Listening.NOWHERE)) {
      pid.started(where);
    }
  }

  @Override
  public void log(String message) {
    words.log(message);
  }

  @Override
  public void warning(String message) {
    words.warning(message);
  }

  @Override
  public void consistencyReached() throws IOException {
    pid.started(where);
    words.consistencyReached();
  }
}
