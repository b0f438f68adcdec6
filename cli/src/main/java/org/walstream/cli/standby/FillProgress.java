package org.walstream.cli.standby;

import org.slf4j.Logger;
import org.walstream.receive.backup.BaseBackupListener;

/// Tells now and then how much of a base backup has come.
final class FillProgress implements BaseBackupListener {

  private static final long INTERVAL_NANOS = 5_000_000_000L;

  private final Logger logger;
  private long toldNanos = System.nanoTime();

  FillProgress(Logger logger) {
    this.logger = logger;
  }

  @Override
  public void progress(long doneBytes, long totalBytes) {
    long now = System.nanoTime();
    if (now - toldNanos >= INTERVAL_NANOS) {
      toldNanos = now;
      logger.info(
          "base backup: {} of about {} MB, {}%",
          doneBytes >> 20, totalBytes >> 20, doneBytes * 100 / totalBytes);
    }
  }
}
