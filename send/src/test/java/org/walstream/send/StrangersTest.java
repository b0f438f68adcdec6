package org.walstream.send;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.Eventually;

/// Those who connect and talk nonsense, again and again.
@Timeout(600)
class StrangersTest {

  private static final int CONNECTIONS = 5_000;
  private static final int START_PACKET_MAX = 10_000;

  /// Memory outside of the heap is freed when the heap is collected, which strangers do not bring
  /// about: it must not be theirs to take.
  @Test
  void takeNoMemoryOutsideOfTheHeap(@TempDir Path directory) throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    try (var fixture = new ServerFixture(directory)) {
      for (int i = 0; i < 100; i++) { // what threads and sockets keep is kept by now
        talkNonsense(fixture.port, random);
      }
      long before = directBytes();
      for (int i = 0; i < CONNECTIONS; i++) {
        talkNonsense(fixture.port, random);
      }
      Eventually.holds( // the last of them may not have been noticed to be gone
          "no memory outside of the heap is theirs", () -> directBytes() - before < 1 << 20);
    }
  }

  /// The deadline for authentication is a minute away; who has gone before does not wait for it.
  @Test
  void leaveNothingBehindOnTheHeap(@TempDir Path directory) throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(2);
    try (var fixture = new ServerFixture(directory)) {
      for (int i = 0; i < 500; i++) {
        talkNonsense(fixture.port, random);
      }
      long before = heapBytes();
      for (int i = 0; i < CONNECTIONS; i++) {
        talkNonsense(fixture.port, random);
      }
      Eventually.holds(
          "nothing is left of them, of whom each had over 4 kB",
          () -> heapBytes() - before < CONNECTIONS << 10);
    }
  }

  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void talkNonsense(int port, RandomGenerator random) throws IOException {
    var packet = ByteBuffer.allocate(8 + random.nextInt(100));
    random.nextBytes(packet.array());
    packet.putInt(0, random.nextBoolean() ? START_PACKET_MAX : packet.capacity());
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(packet.array());
      if (packet.getInt(0) == packet.capacity()) {
        socket.getInputStream().readAllBytes();
      }
    } catch (SocketException reset) {
      // closed with bytes of ours unread
    }
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
