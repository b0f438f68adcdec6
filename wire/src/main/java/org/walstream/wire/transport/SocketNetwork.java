package org.walstream.wire.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import org.walstream.wal.machine.Machine;

/// The system's sockets.
final class SocketNetwork implements Network {

  static final Network INSTANCE = new SocketNetwork();

  private SocketNetwork() {}

  @Override
  public Machine machine() {
    return Machine.real();
  }

  @Override
  public Transport connect(
      SocketAddress address, Duration timeout, KeepaliveOptions keepalive, StopSignal stop)
      throws IOException {
    return SocketTransport.connect(address, timeout, keepalive, stop);
  }
}
