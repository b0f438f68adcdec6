package org.walstream.observe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.walstream.send.walsender.WalSender;
import org.walstream.store.ServedTimeline;

/// How many bytes have come and gone, and how many a second over the last minute. Somebody calls
/// [#sample] every few seconds; no WAL path knows of it. Thread-safe.
public final class Throughput {

  private static final long WINDOW_NANOS = 60_000_000_000L;

  /// Nothing is said about less: a rate over a moment is noise.
  private static final long LEAST_NANOS = 1_000_000_000L;

  /// @param bytesPerSecond empty as long as nothing is known
  public record Rate(long bytes, OptionalDouble bytesPerSecond) {}

  private record Sample(long nanos, long bytes) {}

  private final LongSupplier nanoTime;

  // Guarded by this.
  private final Deque<Sample> received = new ArrayDeque<>();
  private final Map<WalSender, Deque<Sample>> sent = new HashMap<>();
  private OptionalLong receivedFrom = OptionalLong.empty();

  public Throughput() {
    this(System::nanoTime);
  }

  Throughput(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// Takes note of how far everybody is.
  public synchronized void sample(Status status) {
    long now = nanoTime.getAsLong();
    if (status.store().currentLog().isPresent()) {
      add(received, now, receivedBytes(status));
    }
    var senders = status.senders();
    sent.keySet().retainAll(senders);
    for (WalSender sender : senders) {
      add(sent.computeIfAbsent(sender, s -> new ArrayDeque<>()), now, sender.sentBytes());
    }
  }

  private static void add(Deque<Sample> samples, long now, long bytes) {
    while (!samples.isEmpty() && now - samples.getFirst().nanos > WINDOW_NANOS) {
      samples.removeFirst();
    }
    samples.addLast(new Sample(now, bytes));
  }

  /// What has been received since the node was first looked at.
  public synchronized Rate received(Status status) {
    return rate(received, receivedBytes(status));
  }

  /// What one standby has been sent since it connected.
  public synchronized Rate sent(WalSender sender) {
    return rate(sent.getOrDefault(sender, new ArrayDeque<>()), sender.sentBytes());
  }

  private long receivedBytes(Status status) {
    OptionalLong written =
        status
            .store()
            .currentLog()
            .map(ServedTimeline::writtenLsn)
            .map(OptionalLong::of)
            .orElse(receivedFrom);
    if (written.isEmpty()) {
      return 0;
    }
    if (receivedFrom.isEmpty()) {
      receivedFrom = written;
    }
    return written.getAsLong() - receivedFrom.getAsLong();
  }

  private Rate rate(Deque<Sample> samples, long bytes) {
    Sample oldest = samples.peekFirst();
    long nanos = oldest == null ? 0 : nanoTime.getAsLong() - oldest.nanos;
    return new Rate(
        bytes,
        oldest == null || nanos < LEAST_NANOS
            ? OptionalDouble.empty()
            : OptionalDouble.of((bytes - oldest.bytes) * 1e9 / nanos));
  }
}
