package org.walstream.send.walsender;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/// Direct buffers for WAL on its way out, shared by all senders: one holds a buffer only while it
/// has something to send, so that hundreds of idle standbys cost nothing. Thread-safe.
final class WalBuffers {

  /// The most WAL in one message: MAX_SEND_SIZE, sixteen pages.
  static final int BYTES = 16 * 8192;

  private final ConcurrentLinkedDeque<ByteBuffer> free = new ConcurrentLinkedDeque<>();

  ByteBuffer borrow() {
    ByteBuffer buffer = free.pollFirst();
    return buffer == null ? ByteBuffer.allocateDirect(BYTES) : buffer;
  }

  void giveBack(ByteBuffer buffer) {
    free.addFirst(buffer.clear());
  }
}
