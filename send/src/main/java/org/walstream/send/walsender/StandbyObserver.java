package org.walstream.send.walsender;

import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.replication.StandbyStatusUpdate;

/// Whoever wants to know what one standby says: its replication slot, and the node, which passes
/// feedback upstream. Called on the thread that reads from the standby; must not wait.
public interface StandbyObserver {

  void confirmed(StandbyStatusUpdate update);

  void feedback(HotStandbyFeedback feedback);
}
