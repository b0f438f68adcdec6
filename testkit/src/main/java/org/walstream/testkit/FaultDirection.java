package org.walstream.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// What a [FaultProxy] does to the bytes that go one way. Any thread may change it at any time.
public final class FaultDirection {

  /// Room for a second of delay at full speed: a delay must not limit throughput.
  private static final long DELAYED_BYTES_MAX = 512L << 20;

  /// Without a delay, a stalled direction soon pushes back on the sender, as a full network does.
  private static final long BYTES_MAX = 256L << 10;

  private volatile long delayNanos;
  private volatile long bytesPerSecond; // 0: unlimited
  private volatile long bytesUntilCut = Long.MAX_VALUE; // counted over all connections
  private volatile boolean stalled;
  private final AtomicLong passed = new AtomicLong();

  FaultDirection() {}

  /// Every byte arrives this much later; as many bytes a second as before.
  public void delay(Duration delay) {
    delayNanos = delay.toNanos();
  }

  /// At most this many bytes a second; 0 lifts the limit.
  public void bandwidth(long limit) {
    bytesPerSecond = limit;
  }

  /// Nothing arrives until [#resume]; the connection stays up.
  public void stall() {
    stalled = true;
  }

  public synchronized void resume() {
    stalled = false;
    notifyAll();
  }

  /// Breaks the connection that carries the last of the next `bytes` bytes, right behind it: a cut
  /// inside a message.
  public void cutAfter(long bytes) {
    bytesUntilCut = passed.get() + bytes;
  }

  /// How many bytes have gone this way, over all connections.
  public long bytesPassed() {
    return passed.get();
  }

  long delayNanos() {
    return delayNanos;
  }

  long queuedBytesMax() {
    return delayNanos > 0 ? DELAYED_BYTES_MAX : BYTES_MAX;
  }

  long nanosFor(int bytes) {
    var limit = bytesPerSecond;
    return limit == 0 ? 0 : 1_000_000_000L * bytes / limit;
  }

  synchronized void awaitResume() throws InterruptedException {
    while (stalled) {
      wait();
    }
  }

  /// How many of `bytes` may still pass before the cut.
  int allowed(int bytes) {
    return (int) Math.min(bytes, bytesUntilCut - passed.get());
  }

  /// Counts bytes that have passed; true when the connection is to be cut now.
  boolean passed(int bytes) {
    var isCut = passed.addAndGet(bytes) >= bytesUntilCut;
    if (isCut) {
      bytesUntilCut = Long.MAX_VALUE; // once
    }
    return isCut;
  }
}
