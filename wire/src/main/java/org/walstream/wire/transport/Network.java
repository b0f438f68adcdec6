package org.walstream.wire.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import org.walstream.wal.machine.Machine;

/// How a computer reaches others. The seam between what connects and the sockets of the system: a
/// simulator has a network of its own.
///
/// Any thread.
public interface Network {

  /// The sockets of this computer.
  static Network real() {
    return SocketNetwork.INSTANCE;
  }

  /// The computer that connects.
  Machine machine();

  /// Connects to `address`.
  ///
  /// @param timeout zero waits as long as the system does
  /// @param stop ends the attempt
  /// @throws java.net.SocketTimeoutException when the time is up
  /// @throws StoppedException if `stop` was raised meanwhile
  Transport connect(
      SocketAddress address, Duration timeout, KeepaliveOptions keepalive, StopSignal stop)
      throws IOException;
}
