package org.walstream.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/// Carries the bytes of one connection one way: a reader that stamps each piece with the time it is
/// due, a bounded queue, and a writer that waits for that time.
final class FaultPump {

  private static final int READ_BYTES = 64 << 10;
  private static final int WRITE_BYTES_LIMITED = 8 << 10; // small steps keep to a bandwidth evenly

  private record Piece(ByteBuffer bytes, long dueNanos) {}

  private final Socket from;
  private final Socket to;
  private final FaultDirection faults;
  private final Runnable drop;
  private final Deque<Piece> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean ended;
  private long nextWriteNanos = System.nanoTime(); // the writer's own

  FaultPump(Socket from, Socket to, FaultDirection faults, Runnable drop) {
    this.from = from;
    this.to = to;
    this.faults = faults;
    this.drop = drop;
  }

  /// The reader's thread.
  void read() {
    var buffer = new byte[READ_BYTES];
    try {
      var in = from.getInputStream();
      for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        put(Arrays.copyOf(buffer, read));
      }
      end();
    } catch (IOException | InterruptedException e) {
      end();
      drop.run();
    }
  }

  /// The writer's thread.
  void write() {
    try {
      for (var piece = take(); piece.bytes().hasRemaining(); piece = take()) {
        parkUntil(piece.dueNanos());
        write(piece.bytes());
      }
      to.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      drop.run();
    }
  }

  private void write(ByteBuffer bytes) throws IOException, InterruptedException {
    while (bytes.hasRemaining()) {
      faults.awaitResume();
      parkUntil(nextWriteNanos);
      var isLimited = faults.nanosFor(WRITE_BYTES_LIMITED) > 0;
      var step = isLimited ? WRITE_BYTES_LIMITED : READ_BYTES;
      var part = new byte[faults.allowed(Math.min(step, bytes.remaining()))];
      bytes.get(part);
      to.getOutputStream().write(part);
      nextWriteNanos = Math.max(System.nanoTime(), nextWriteNanos) + faults.nanosFor(part.length);
      if (faults.passed(part.length)) {
        throw new IOException("cut on request");
      }
    }
  }

  private synchronized void put(byte[] bytes) throws InterruptedException {
    while (queuedBytes > faults.queuedBytesMax()) {
      wait();
    }
    queue.add(new Piece(ByteBuffer.wrap(bytes), System.nanoTime() + faults.delayNanos()));
    queuedBytes += bytes.length;
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /// The next piece; an empty one at the end.
  private synchronized Piece take() throws InterruptedException {
    while (queue.isEmpty() && !ended) {
      wait();
    }
    var piece =
        queue.isEmpty() ? new Piece(ByteBuffer.allocate(0), System.nanoTime()) : queue.remove();
    queuedBytes -= piece.bytes().remaining();
    notifyAll();
    return piece;
  }

  private static void parkUntil(long nanos) {
    for (var left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
