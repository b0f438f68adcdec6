package org.walstream.cli.waldump;

import java.io.IOException;
import org.walstream.receive.ReplicationSession;
import org.walstream.receive.SystemIdentification;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.StopSignal;

/// A server to stream from: how to reach it, and what it says of itself.
record ReplicationServer(
    ConnInfo conninfo,
    LibpqEnvironment environment,
    SystemIdentification system,
    WalSegmentSize segmentSize) {

  /// @throws org.walstream.wire.transport.StoppedException if `stop` was raised before it could say
  static ReplicationServer ask(ConnInfo conninfo, LibpqEnvironment environment, StopSignal stop)
      throws IOException {
    try (var session = ReplicationSession.connect(conninfo, environment, stop);
        var _ = stop.during(session)) {
      return new ReplicationServer(
          conninfo, environment, session.identifySystem(), session.walSegmentSize());
    }
  }

  /// The timeline it is on.
  TimelineId timeline() {
    return system.timeline();
  }
}
