package org.walstream.node.simulation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.walstream.wal.machine.Machine;
import org.walstream.wire.transport.KeepaliveOptions;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.Transport;

/// Connections between nodes, which are known by their ports. What is sent arrives after a while,
/// in order within a connection; connections break, stand still, and cannot be made.
final class SimulatedNetwork {

  static final int FIRST_PORT = 5400;

  /// Who takes connections.
  interface Listener {

    SimulatedProcess process();

    void accept(Transport transport);
  }

  private final Simulator simulator;
  private final Map<Integer, Listener> listeners = new HashMap<>();

  /// Both directions of those there are, oldest first.
  private final List<SimulatedConnection> connections = new ArrayList<>();

  /// Ports nothing comes to or from, and nobody is told.
  private final Map<Integer, Boolean> cutOff = new HashMap<>();

  SimulatedNetwork(Simulator simulator) {
    this.simulator = simulator;
  }

  Simulator simulator() {
    return simulator;
  }

  RandomGenerator random() {
    return simulator.random();
  }

  void listen(int port, Listener listener) {
    listeners.put(port, listener);
  }

  /// The process that used `port` is gone. Who talks with it is told, unless the whole computer is
  /// gone.
  void gone(SimulatedProcess process, boolean told) {
    for (SimulatedConnection connection : List.copyOf(connections)) {
      if (connection.isOf(process)) {
        connections.remove(connection);
        connection.lose(process, told);
      }
    }
  }

  /// Breaks one of the connections, whichever; both ends are told.
  void breakOne() {
    connections.removeIf(SimulatedConnection::isOver);
    if (!connections.isEmpty()) {
      connections.get(random().nextInt(connections.size())).reset();
    }
  }

  /// One of the connections stands still for so long.
  void stallOne(long nanos) {
    connections.removeIf(SimulatedConnection::isOver);
    if (!connections.isEmpty()) {
      connections.get(random().nextInt(connections.size())).stall(nanos);
    }
  }

  /// Nothing reaches the node with this port any more, nor leaves it.
  void cutOff(int port, boolean on) {
    cutOff.put(port, on);
    connections.forEach(SimulatedConnection::look);
  }

  boolean isCutOff(int port) {
    return cutOff.getOrDefault(port, false);
  }

  /// As a process sees it whose node has `ownPort`.
  Network of(SimulatedProcess process, int ownPort) {
    return new Network() {
      @Override
      public Machine machine() {
        return process;
      }

      @Override
      public Transport connect(
          SocketAddress address, Duration timeout, KeepaliveOptions keepalive, StopSignal stop)
          throws IOException {
        int port = ((InetSocketAddress) address).getPort();
        process.sleep(latencyNanos());
        stop.check();
        if (isCutOff(port) || isCutOff(ownPort)) {
          process.sleep(timeout.isZero() ? 1_000_000_000 : timeout.toNanos());
          throw new SocketTimeoutException("timeout expired");
        }
        Listener listener = listeners.get(port);
        if (listener == null || listener.process().isKilled()) {
          throw new ConnectException("Connection refused");
        }
        var connection =
            new SimulatedConnection(
                SimulatedNetwork.this, process, ownPort, listener.process(), port);
        connections.removeIf(SimulatedConnection::isOver);
        connections.add(connection);
        listener.accept(connection.server());
        return connection.client();
      }
    };
  }

  /// How long something takes from one node to another.
  long latencyNanos() {
    return random().nextLong(50_000, 2_000_000);
  }

  static SocketAddress address(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
