package org.walstream.cli.waldump;

import java.io.IOException;
import org.walstream.receive.ReplicationSession;
import org.walstream.receive.SystemIdentification;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// A server to stream from: how to reach it, and what it says of itself.
record ReplicationServer(
    ConnInfo conninfo,
    LibpqEnvironment environment,
    SystemIdentification system,
    WalSegmentSize segmentSize) {

  static ReplicationServer ask(ConnInfo conninfo, LibpqEnvironment environment) throws IOException {
    try (var session = ReplicationSession.connect(conninfo, environment)) {
      return new ReplicationServer(
          conninfo, environment, session.identifySystem(), session.walSegmentSize());
    }
  }

  /// The timeline it is on.
  TimelineId timeline() {
    return system.timeline();
  }
}
