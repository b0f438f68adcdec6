package org.walstream.cli.standby;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.walstream.receive.backup.BaseBackupListener;
import org.walstream.redo.recovery.RecoveryListener;

/// Shows how much of a base backup has come: a line that is written over on a terminal, and now and
/// then a line of the log elsewhere. One thread's.
final class FillProgress implements BaseBackupListener {

  private static final Duration ON_TERMINAL = Duration.ofMillis(200);
  private static final Duration ELSEWHERE = Duration.ofSeconds(5);
  private static final String REWRITE = "\r\033[K";
  private static final int BAR = 20;

  private final Logger logger;
  private final PrintStream terminal;
  private final boolean isTerminal;
  private long toldNanos = System.nanoTime();
  private boolean lineStands;

  /// @param terminal where the line stands, if that is one
  FillProgress(Logger logger, PrintStream terminal) {
    this(
        logger,
        terminal,
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
  }

  FillProgress(Logger logger, PrintStream terminal, boolean isTerminal) {
    this.logger = logger;
    this.terminal = terminal;
    this.isTerminal = isTerminal;
  }

  @Override
  public void progress(long doneBytes, long totalBytes) {
    long now = System.nanoTime();
    if (now - toldNanos >= (isTerminal ? ON_TERMINAL : ELSEWHERE).toNanos()) {
      toldNanos = now;
      show(doneBytes, totalBytes);
    }
  }

  void show(long doneBytes, long totalBytes) {
    if (isTerminal) {
      terminal.print(REWRITE + line(doneBytes, totalBytes));
      terminal.flush();
      lineStands = true;
    } else {
      logger.info(
          "base backup: {} of about {} MB, {}%",
          doneBytes >> 20, totalBytes >> 20, doneBytes * 100 / totalBytes);
    }
  }

  static String line(long doneBytes, long totalBytes) {
    int full = (int) (doneBytes * BAR / totalBytes);
    return "[%s%s] %3d%%  %d of about %d MB"
        .formatted(
            "#".repeat(full),
            " ".repeat(BAR - full),
            doneBytes * 100 / totalBytes,
            doneBytes >> 20,
            totalBytes >> 20);
  }

  /// Leaves the terminal's line, so that something else can be said.
  void pause() {
    if (lineStands) {
      terminal.print(REWRITE);
      terminal.flush();
      lineStands = false;
    }
  }

  /// Somebody else's words, for which the line makes room.
  RecoveryListener around(RecoveryListener words) {
    return new RecoveryListener() {
      @Override
      public void log(String message) {
        pause();
        words.log(message);
      }

      @Override
      public void warning(String message) {
        pause();
        words.warning(message);
      }
    };
  }
}
