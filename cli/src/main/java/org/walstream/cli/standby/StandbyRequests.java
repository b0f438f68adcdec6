package org.walstream.cli.standby;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.cli.Signals;
import org.walstream.standby.Standby;

/// What others ask of a running standby without a session to ask in: signals, of which one has its
/// meaning told by a file in the data directory. A file counts once.
///
/// ```
/// SIGTERM, SIGINT   stop
/// SIGQUIT           end at once
/// SIGHUP            read the configuration again
/// SIGUSR1           promote             as pg_ctl promote leaves it
///                   walstream.pause     pg_wal_replay_pause()
///                   walstream.resume    pg_wal_replay_resume()
/// ```
///
/// Counterpart of process_pm_pmsignal(), src/backend/postmaster/postmaster.c.
final class StandbyRequests {

  static final String PROMOTE = "promote";
  private static final String PAUSE = "walstream.pause";
  private static final String RESUME = "walstream.resume";

  private static final Logger logger = LoggerFactory.getLogger(Standby.class);

  private final Standby standby;
  private final Path data;
  private volatile boolean begun;

  StandbyRequests(Standby standby, Path data) {
    this.standby = standby;
    this.data = data;
  }

  /// Listens from now on. A file is not touched before the directory is ours ([#begin]): it may be
  /// for whoever has it.
  void listen() {
    Signals.on("INT", this::stop);
    Signals.on("TERM", this::stop);
    Signals.on("USR1", this::read);
    Signals.quitAtOnce();
  }

  /// The directory is ours. What was asked of another is void.
  void begin() throws IOException {
    for (String name : new String[] {PROMOTE, PAUSE, RESUME}) {
      Files.deleteIfExists(data.resolve(name));
    }
    begun = true;
  }

  private void stop() {
    logger.info("received fast shutdown request");
    standby.stop();
  }

  private void read() {
    if (!begun) {
      return;
    }
    if (isAsked(PROMOTE)) {
      logger.info("received promote request");
      standby.promote();
    }
    if (isAsked(PAUSE)) {
      logger.info("received request to pause replay");
      standby.pauseReplay();
    }
    if (isAsked(RESUME)) {
      logger.info("received request to resume replay");
      standby.resumeReplay();
    }
  }

  private boolean isAsked(String name) {
    try {
      return Files.deleteIfExists(data.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
