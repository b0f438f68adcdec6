package org.walstream.wire.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/// A [Transport] over a bare socket, TCP or Unix-domain.
///
/// TCP sockets send small messages at once (TCP_NODELAY) and probe a silent peer as
/// [KeepaliveOptions] says. The size of the receive buffer is left to the kernel: setting it would
/// turn the kernel's own tuning off, and cost throughput on long lines.
public final class SocketTransport implements Transport {

  private final SocketChannel channel;
  private final SocketAddress peerAddress;

  private SocketTransport(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.peerAddress = channel.getRemoteAddress();
  }

  /// Connects to an [InetSocketAddress] or a [UnixDomainSocketAddress].
  ///
  /// @param timeout how long a TCP connection may take; zero waits as long as the system does. A
  ///   Unix-domain socket is there or is not, so it does not wait.
  /// @throws java.net.SocketTimeoutException when `timeout` has passed
  /// @throws StoppedException when `stop` was raised meanwhile
  public static SocketTransport connect(
      SocketAddress address, Duration timeout, KeepaliveOptions keepalive, StopSignal stop)
      throws IOException {
    SocketChannel channel = open(address);
    try (var _ = stop.during(channel)) {
      if (address instanceof InetSocketAddress) {
        channel.socket().connect(address, Math.toIntExact(timeout.toMillis()));
      } else {
        channel.connect(address);
      }
      return over(channel, keepalive);
    } catch (IOException | RuntimeException e) {
      channel.close();
      stop.check();
      throw e;
    }
  }

  /// Takes over a channel that is connected, such as one that a server has accepted.
  public static SocketTransport over(SocketChannel channel, KeepaliveOptions keepalive)
      throws IOException {
    if (channel.getRemoteAddress() instanceof InetSocketAddress) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      keepalive.applyTo(channel);
    }
    return new SocketTransport(channel);
  }

  private static SocketChannel open(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    return channel.read(dst);
  }

  @Override
  public long read(ByteBuffer[] dsts) throws IOException {
    return channel.read(dsts);
  }

  @Override
  public void write(ByteBuffer src) throws IOException {
    while (src.hasRemaining()) {
      channel.write(src);
    }
  }

  @Override
  public void write(ByteBuffer[] srcs) throws IOException {
    ByteBuffer last = srcs[srcs.length - 1];
    do {
      channel.write(srcs);
    } while (last.hasRemaining() || anyRemaining(srcs));
  }

  private static boolean anyRemaining(ByteBuffer[] buffers) {
    for (ByteBuffer buffer : buffers) {
      if (buffer.hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  /// A socket's end is known by its close.
  @Override
  public void end() {}

  /// The operating system's user at the other end; empty unless the socket is a Unix-domain one.
  public Optional<String> peerUser() throws IOException {
    return channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
        ? Optional.of(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName())
        : Optional.empty();
  }

  @Override
  public SocketAddress peerAddress() {
    return peerAddress;
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public String toString() {
    return "SocketTransport[" + peerAddress + "]";
  }
}
