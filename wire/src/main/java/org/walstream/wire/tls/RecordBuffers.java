package org.walstream.wire.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Where records are put together before they go out: one buffer while something is written, none
/// while a connection is idle.
///
/// On the heap: the JDK's ciphers work on arrays, and would copy what is in direct memory there and
/// back.
final class RecordBuffers {

  /// Room for four records: fewer calls of the kernel, and little for each sender whose receiver
  /// does not read.
  private static final int BYTES = 4 * (17 << 10);

  /// More are left to the collector.
  private static final int KEPT_MAX = 16;

  private static final ConcurrentLinkedQueue<ByteBuffer> KEPT = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private RecordBuffers() {}

  static ByteBuffer take() {
    @Nullable ByteBuffer buffer = KEPT.poll();
    if (buffer == null) {
      return ByteBuffer.allocate(BYTES);
    }
    COUNT.decrementAndGet();
    return buffer;
  }

  static void give(ByteBuffer buffer) {
    if (COUNT.incrementAndGet() <= KEPT_MAX) {
      KEPT.add(buffer.clear());
    } else {
      COUNT.decrementAndGet();
    }
  }
}
