package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;

/// Who recovers.
sealed interface RedoSide {

  String label();

  /// Recovers the directory: from the start of a process to its end, with which every page is on
  /// disk.
  ///
  /// @return the largest resident size, in bytes
  /// @throws IOException with what it printed, unless it came to a good end
  long recover(RedoDirectory directory) throws IOException, InterruptedException;

  /// A server that shuts down at the target.
  record Postgres() implements RedoSide {

    private static final int LOOK_EVERY = 8; // the process that replays comes and goes slowly

    @Override
    public String label() {
      return "postgres";
    }

    /// @return that of the largest of its processes, the one that replays, with the buffers that it
    ///   has touched
    @Override
    public long recover(RedoDirectory directory) throws IOException, InterruptedException {
      PostgresServer server = directory.server();
      int logged = server.log().length();
      long peak = 0;
      server.spawn();
      for (int look = 0; server.isRunning(); look++) {
        if (look % LOOK_EVERY == 0) {
          peak = Math.max(peak, ProcessFacts.peakResidentOfChildren(postmaster(directory)));
        }
        Thread.sleep(4);
      }
      String log = server.log().substring(logged);
      if (!log.contains("recovery stopping after WAL location")) {
        throw new IOException("the server did not come to its target: " + log.strip());
      }
      return peak;
    }

    /// 0 while there is none.
    private static long postmaster(RedoDirectory directory) throws IOException {
      try (var lines = Files.lines(directory.path().resolve("postmaster.pid"))) {
        return lines.findFirst().map(String::strip).map(Long::parseLong).orElse(0L);
      } catch (NoSuchFileException e) {
        return 0;
      }
    }
  }

  /// `walstream replay`.
  record Walstream(int workers) implements RedoSide {

    @Override
    public String label() {
      return "walstream replay --workers " + workers;
    }

    @Override
    public long recover(RedoDirectory directory) throws IOException, InterruptedException {
      var process = CrashProcess.start(WalstreamProgram.command(arguments(directory)));
      long peak = 0;
      do {
        peak = Math.max(peak, ProcessFacts.peakResident(process.pid()));
      } while (!process.waitFor(4, TimeUnit.MILLISECONDS));
      if (process.awaitExit() != 0) {
        throw new IOException(process.errors().strip());
      }
      return peak;
    }

    private String[] arguments(RedoDirectory directory) {
      RedoInput input = directory.input();
      var words = new ArrayList<>(List.of("replay", "-D", directory.path().toString()));
      if (!directory.inPlace()) {
        words.addAll(List.of("--wal", input.wal().toString()));
      }
      words.addAll(List.of("--target-lsn", Lsn.format(input.targetLsn())));
      words.addAll(List.of("--timeline", "current"));
      words.addAll(List.of("--redo-buffers", directory.bufferMegabytes() + "MB"));
      words.addAll(List.of("--workers", Integer.toString(workers)));
      // The directory has one, for PostgreSQL: a run that needed it would not be ours.
      words.addAll(List.of("--restore-command", ""));
      return words.toArray(String[]::new);
    }
  }
}
