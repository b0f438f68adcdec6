package org.walstream.receive;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.walstream.store.StoreOptions;
import org.walstream.testkit.Eventually;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// A [ReceiveJob] on a thread of its own, and what it has told.
final class Running implements AutoCloseable {

  final List<String> told = new CopyOnWriteArrayList<>();
  private final ReceiveJob job;
  private final Thread thread;
  private final AtomicReference<@Nullable Object> end = new AtomicReference<>();

  static ReceiveOptions.Builder options(String conninfo) {
    return ReceiveOptions.from(
            ConnInfo.parse(conninfo + " application_name=walstream"), environment())
        .retryInterval(java.time.Duration.ofMillis(100));
  }

  static LibpqEnvironment environment() {
    return new LibpqEnvironment(Map.of(), "nobody", Path.of("/nonexistent"), warning -> {});
  }

  Running(Path directory, ReceiveOptions options) {
    this(directory, options, StoreOptions.DEFAULT);
  }

  Running(Path directory, ReceiveOptions options, StoreOptions storeOptions) {
    job = new ReceiveJob(directory, options, storeOptions, this::heard);
    thread = Thread.ofPlatform().name("receive").start(this::run);
  }

  private void heard(ReceiveEvent event) {
    told.add(event.toString());
    if (event instanceof ReceiveEvent.Disconnected disconnected) {
      told.add(String.valueOf(disconnected.reason().getMessage()));
    }
  }

  private void run() {
    try {
      end.set(job.run());
    } catch (Exception e) {
      end.set(e);
    }
  }

  /// How far the receiver has made WAL durable.
  long flushedLsn() {
    return job.status().map(WalReceiverStatus::flushedLsn).orElse(0L);
  }

  void awaitTold(String text) {
    Eventually.holds(
        "\"" + text + "\" is told; so far " + told + end,
        () -> told.stream().anyMatch(line -> line.contains(text)));
  }

  /// Waits for the end, and returns the outcome or the exception.
  Object awaitEnd() throws InterruptedException {
    thread.join();
    Object result = end.get();
    return result == null ? "no end" : result;
  }

  Object stop() throws InterruptedException {
    job.stop();
    return awaitEnd();
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
