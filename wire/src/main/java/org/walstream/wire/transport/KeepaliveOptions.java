package org.walstream.wire.transport;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/// How TCP finds out that a silent peer is gone: libpq's `keepalives`, `keepalives_idle`,
/// `keepalives_interval`, `keepalives_count`, and the server's `tcp_keepalives_*`.
///
/// A number of 0 leaves the system's default, as in PostgreSQL. An option that the platform does
/// not know is left out.
public record KeepaliveOptions(
    boolean enabled, int idleSeconds, int intervalSeconds, int probeCount) {

  /// Probing on, at the system's pace: PostgreSQL's default on both sides.
  public static final KeepaliveOptions SYSTEM_DEFAULT = new KeepaliveOptions(true, 0, 0, 0);

  void applyTo(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, enabled);
    if (enabled) {
      set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, idleSeconds);
      set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, intervalSeconds);
      set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, probeCount);
    }
  }

  private static void set(SocketChannel channel, SocketOption<Integer> option, int value)
      throws IOException {
    if (value > 0 && channel.supportedOptions().contains(option)) {
      channel.setOption(option, value);
    }
  }
}
