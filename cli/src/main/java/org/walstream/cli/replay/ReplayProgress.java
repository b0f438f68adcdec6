package org.walstream.cli.replay;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.walstream.redo.recovery.RecoveryProgress;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;

/// Shows how far replay is: a line that is written over on a terminal, and now and then a line
/// elsewhere. With the end known by name, how much that is of the whole and how long it will take.
final class ReplayProgress implements AutoCloseable {

  private static final Duration ON_TERMINAL = Duration.ofMillis(500);
  private static final Duration ELSEWHERE = Duration.ofSeconds(30);
  private static final int BAR = 20;

  private final RecoveryProgress progress;
  private final long endLsn;
  private final PrintStream out;
  private final boolean terminal;
  private final long startNanos = System.nanoTime();
  private final Thread thread;
  private boolean shown;

  /// @param endLsn where WAL will end, 0 when it is not known
  ReplayProgress(RecoveryProgress progress, long endLsn, PrintStream out) {
    this.progress = progress;
    this.endLsn = endLsn;
    this.out = out;
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    this.thread = Thread.ofPlatform().daemon().name("progress").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(terminal ? ON_TERMINAL : ELSEWHERE);
        show();
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private synchronized void show() {
    if (progress.startLsn() != 0) {
      String line =
          line(
              progress.startLsn(),
              progress.lsn(),
              endLsn,
              progress.transactionTime(),
              System.nanoTime() - startNanos);
      out.print(terminal ? "\r\033[K" + line : line + "\n");
      out.flush();
      shown = true;
    }
  }

  /// Leaves the terminal's line, so that something else can be said.
  synchronized void pause() {
    if (terminal && shown) {
      out.print("\r\033[K");
      shown = false;
    }
  }

  static String line(
      long startLsn, long lsn, long endLsn, long transactionTime, long elapsedNanos) {
    var line = new StringBuilder();
    long done = lsn - startLsn;
    double seconds = Math.max(elapsedNanos / 1e9, 1e-3);
    boolean endIsKnown = Lsn.isAfter(endLsn, lsn);
    if (endIsKnown) {
      double part = (double) done / (endLsn - startLsn);
      int full = (int) (part * BAR);
      line.append('[').append("#".repeat(full)).append(" ".repeat(BAR - full)).append("] ");
      line.append("%3d%%  ".formatted((int) (part * 100)));
    }
    line.append(Lsn.format(lsn));
    if (transactionTime != 0) {
      line.append("  ").append(new PgTimestamp(transactionTime));
    }
    line.append("%s MB/s".formatted(String.format(Locale.ROOT, "  %.1f", done / seconds / 1e6)));
    if (endIsKnown && done > 0) {
      line.append("  ").append(left((long) ((endLsn - lsn) * seconds / done))).append(" left");
    }
    return line.toString();
  }

  private static String left(long seconds) {
    return "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
    pause();
  }
}
