package org.walstream.node.simulation;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.transport.Transport;

/// A connection: two ends, and what is on its way between them.
final class SimulatedConnection {

  /// What may be on its way in one direction before the writer waits.
  private static final int WINDOW_BYTES = 300_000;

  /// @param bytes empty is the end
  private record Packet(long arrivalNanos, ByteBuffer bytes) {}

  private final SimulatedNetwork network;
  private final End client;
  private final End server;
  private long stalledUntil;

  SimulatedConnection(
      SimulatedNetwork network,
      SimulatedProcess clientProcess,
      int clientPort,
      SimulatedProcess serverProcess,
      int serverPort) {
    this.network = network;
    client = new End(clientProcess, clientPort);
    server = new End(serverProcess, serverPort);
  }

  Transport client() {
    return client;
  }

  Transport server() {
    return server;
  }

  boolean isOf(SimulatedProcess process) {
    return client.process == process || server.process == process;
  }

  boolean isOver() {
    return client.closed && server.closed;
  }

  /// Both ends are told that it is broken.
  void reset() {
    client.lost = true;
    server.lost = true;
    look();
  }

  /// One process has died.
  ///
  /// @param told whether the other is told
  void lose(SimulatedProcess process, boolean told) {
    End dead = client.process == process ? client : server;
    dead.closed = true;
    if (told) {
      network.simulator().after(network.latencyNanos(), this::reset);
    }
    look();
  }

  void stall(long nanos) {
    stalledUntil = network.simulator().nanoTime() + nanos;
    network.simulator().after(nanos, this::look);
  }

  /// Has whoever waits look again.
  void look() {
    client.wake();
    server.wake();
  }

  private boolean standsStill() {
    return network.simulator().nanoTime() < stalledUntil
        || network.isCutOff(client.port)
        || network.isCutOff(server.port);
  }

  private final class End implements Transport {

    private final SimulatedProcess process;
    private final int port;
    private final Deque<Packet> arriving = new ArrayDeque<>();
    private int arrivingBytes;
    private boolean ended;
    private boolean noInput;
    private boolean closed;
    private boolean lost;
    private @Nullable Thread reader;
    private @Nullable Thread writer;

    End(SimulatedProcess process, int port) {
      this.process = process;
      this.port = port;
    }

    private End peer() {
      return this == client ? server : client;
    }

    void wake() {
      LockSupport.unpark(reader);
      LockSupport.unpark(writer);
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
      return (int) read(new ByteBuffer[] {dst});
    }

    @Override
    public long read(ByteBuffer[] dsts) throws IOException {
      reader = Thread.currentThread();
      while (true) {
        requireOpen();
        if (noInput) {
          return -1;
        }
        Packet first = arriving.peek();
        if (first == null || standsStill()) {
          LockSupport.park(this);
        } else if (first.arrivalNanos > process.nanoTime()) {
          process.parkNanos(this, first.arrivalNanos - process.nanoTime());
        } else if (!first.bytes.hasRemaining()) {
          return -1;
        } else {
          return take(dsts);
        }
      }
    }

    /// As much of what has arrived as there is room for, or less.
    private long take(ByteBuffer[] dsts) {
      long limit = network.random().nextInt(4) == 0 ? network.random().nextInt(1, 5_000) : 1 << 20;
      long taken = 0;
      for (ByteBuffer dst : dsts) {
        while (dst.hasRemaining() && taken < limit && hasArrived()) {
          ByteBuffer bytes = arriving.element().bytes;
          int length = (int) Math.min(Math.min(dst.remaining(), bytes.remaining()), limit - taken);
          dst.put(bytes.slice(bytes.position(), length));
          bytes.position(bytes.position() + length);
          taken += length;
          if (!bytes.hasRemaining()) {
            arriving.remove();
          }
        }
        if (dst.hasRemaining()) {
          break;
        }
      }
      arrivingBytes -= (int) taken;
      LockSupport.unpark(peer().writer);
      return taken;
    }

    private boolean hasArrived() {
      Packet first = arriving.peek();
      return first != null
          && first.bytes.hasRemaining()
          && first.arrivalNanos <= process.nanoTime();
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
      writer = Thread.currentThread();
      while (src.hasRemaining()) {
        requireOpen();
        if (ended) {
          throw new ClosedChannelException();
        }
        int room = WINDOW_BYTES - peer().arrivingBytes;
        if (room <= 0) {
          LockSupport.park(this); // the kernels' buffers are full
          continue;
        }
        int length = Math.min(room, src.remaining());
        ByteBuffer bytes =
            ByteBuffer.allocate(length).put(src.slice(src.position(), length)).flip();
        src.position(src.position() + length);
        peer().send(bytes);
      }
      requireOpen();
      if (network.random().nextInt(4) == 0) {
        process.letOthersRun();
      }
    }

    /// Something is on its way to this end.
    private void send(ByteBuffer bytes) {
      long arrival = network.simulator().nanoTime() + network.latencyNanos();
      Packet last = arriving.peekLast();
      arriving.add(
          new Packet(last == null ? arrival : Math.max(arrival, last.arrivalNanos), bytes));
      arrivingBytes += bytes.remaining();
      LockSupport.unpark(reader);
    }

    @Override
    public void write(ByteBuffer[] srcs) throws IOException {
      for (ByteBuffer src : srcs) {
        write(src);
      }
    }

    private void requireOpen() throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (lost) {
        throw new IOException("Connection reset by peer");
      }
    }

    @Override
    public void end() {
      if (!ended && !closed) {
        ended = true;
        peer().send(ByteBuffer.allocate(0));
      }
    }

    @Override
    public void shutdownInput() {
      noInput = true;
      wake();
    }

    @Override
    public SocketAddress peerAddress() {
      return SimulatedNetwork.address(peer().port);
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      if (!ended) {
        ended = true;
        peer().send(ByteBuffer.allocate(0));
      }
      closed = true;
      arriving.clear(); // nobody reads it any more
      wake();
      // What the peer still writes has nobody to go to: it is told so.
      network
          .simulator()
          .after(
              2 * network.latencyNanos(),
              () -> {
                peer().peerClosed();
              });
    }

    /// Reading comes to the end of what was sent; writing fails.
    private void peerClosed() {
      if (!standsStill()) {
        ended = true;
        wake();
      } else {
        network.simulator().after(1_000_000_000, this::peerClosed);
      }
    }
  }
}
