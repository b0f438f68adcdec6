package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A TCP port of the loopback interface that no other test of this user takes until it is closed.
///
/// A program that cannot be told "any port" (PostgreSQL cannot) needs one chosen beforehand, and
/// between choosing and binding somebody else may take it. So the choice is a lock file, held as
/// long as the server lives, restarts included; and ports are taken below the range the kernel
/// hands out to outgoing connections.
///
/// Kernel locks of this kind belong to the process, and *any* closing of the file in it lets go of
/// them. So the ports held by this process are also kept in a set, and a lock file that is held is
/// never opened a second time.
public final class PortReservation implements AutoCloseable {

  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;

  private static final Set<Integer> HELD = ConcurrentHashMap.newKeySet();

  private final int port;
  private final FileChannel lock;

  private PortReservation(int port, FileChannel lock) {
    this.port = port;
    this.lock = lock;
  }

  public static PortReservation any() {
    for (int attempt = 0; attempt < LAST - FIRST; attempt++) {
      var reservation = tryReserve(ThreadLocalRandom.current().nextInt(FIRST, LAST));
      if (reservation != null) {
        return reservation;
      }
    }
    throw new IllegalStateException(
        "no free TCP port between " + FIRST + " and " + LAST + " on 127.0.0.1");
  }

  /// Null when somebody has reserved it or listens there.
  static @Nullable PortReservation tryReserve(int port) {
    if (!HELD.add(port)) {
      return null;
    }
    var lock = tryLock(CacheDirectory.directory("ports").resolve(port + ".lock"));
    if (lock == null) {
      HELD.remove(port);
      return null;
    }
    var reservation = new PortReservation(port, lock);
    if (isFree(port)) {
      return reservation;
    }
    reservation.close();
    return null;
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not release port " + port, e);
    } finally {
      HELD.remove(port);
    }
  }

  private static @Nullable FileChannel tryLock(Path file) {
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return channel;
      }
      channel.close();
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("could not lock \"" + file + "\"", e);
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
