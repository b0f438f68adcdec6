package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The processes of a running server, found through its `postmaster.pid`:
///
/// ```
/// line  1  process id of the postmaster
///       2  data directory
///       8  starting, stopping, ready, standby (padded with blanks)
/// ```
record Postmaster(ProcessHandle process, String status) {

  /// The postmaster of `dataDirectory`, if it runs.
  static Optional<Postmaster> find(Path dataDirectory) {
    var lines = lines(dataDirectory.resolve("postmaster.pid"));
    if (lines.size() < 2 || !lines.get(1).equals(dataDirectory.toString())) {
      return Optional.empty();
    }
    var status = lines.size() < 8 ? "starting" : lines.get(7).strip();
    return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
        .filter(ProcessHandle::isAlive)
        .map(process -> new Postmaster(process, status));
  }

  boolean acceptsConnections() {
    return status.equals("ready") || status.equals("standby");
  }

  /// Kills the postmaster and all its children as a crash of the machine would: at once, no one
  /// says good-bye. Returns when all are gone, so that the server can be started again.
  ///
  /// The postmaster stands still before its children are counted: one that it made after that would
  /// live on, write to the directory and keep the next start from the shared memory.
  void kill() {
    Command.signal(process.pid(), "STOP");
    Eventually.holds(
        "the postmaster stands still", () -> !process.isAlive() || !mayFork(process.pid()));
    var processes = Stream.concat(Stream.of(process), process.descendants()).toList();
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(Postmaster::awaitExit);
  }

  /// Looks itself: ProcessHandle.onExit() looks once in a second at a process that is nobody's
  /// child, and takes a zombie that init has not yet buried for a living process.
  private static void awaitExit(ProcessHandle process) {
    Eventually.holds(
        "process " + process.pid() + " has ended",
        () -> !process.isAlive() || isZombie(process.pid()));
  }

  private static boolean isZombie(long pid) throws IOException {
    return state(pid) == 'Z';
  }

  /// Neither stopped nor dead; where there is no /proc the signal is taken to have come.
  private static boolean mayFork(long pid) throws IOException {
    return "TtZX?".indexOf(state(pid)) < 0;
  }

  /// The letter of /proc; `?` where there is no such file: no /proc on this system, or gone.
  private static char state(long pid) throws IOException {
    try {
      var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2); // pid (name) state ...
    } catch (NoSuchFileException e) {
      return '?';
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read \"" + file + "\"", e);
    }
  }
}
