package org.walstream.redo.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// `postmaster.pid`, by which one postmaster keeps others out of its data directory; and us, and we
/// them. A file whose process is gone is of a server that crashed, and counts for nothing.
///
/// ```
/// 4711                process
/// /srv/pg             data directory
/// 1795780000          when it started, seconds since 1970
/// 5432                port
/// /run/postgresql     the first directory of sockets
/// localhost           the first address
///  0 0                shared memory: none here
/// ready               what pg_ctl waits for; "standby" where nobody is let in
/// ```
///
/// The lines after the third are written once it listens.
///
/// Counterpart of CreateLockFile() and AddToDataDirLockFile(), src/backend/utils/init/miscinit.c,
/// and of src/include/utils/pidfile.h.
public final class PostmasterPid implements Closeable {

  /// The file's name.
  public static final String FILE_NAME = "postmaster.pid";

  private static final String READY = "ready   ";
  private static final String STANDBY = "standby ";

  private final Path file;
  private final String who;

  private PostmasterPid(Path file, String who) {
    this.file = file;
    this.who = who;
  }

  /// Where clients are let in.
  ///
  /// @param socketDirectory the first; empty for none
  /// @param address the first; empty for none
  public record Listening(int port, String socketDirectory, String address) {

    /// Nobody is let in.
    public static final Listening NOWHERE = new Listening(0, "", "");

    private String status() {
      return socketDirectory.isEmpty() && address.isEmpty() ? STANDBY : READY;
    }
  }

  /// Takes the directory for this process.
  ///
  /// @throws RecoveryException if a server, or another recovery, runs in it
  public static PostmasterPid take(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(FILE_NAME);
    String lines =
        "%d\n%s\n%d\n"
            .formatted(
                ProcessHandle.current().pid(),
                dataDirectory.toAbsolutePath().normalize(),
                System.currentTimeMillis() / 1000);
    while (true) {
      try {
        Files.writeString(file, lines, UTF_8, CREATE_NEW, WRITE);
        return new PostmasterPid(file, lines);
      } catch (FileAlreadyExistsException e) {
        removeIfStale(dataDirectory, file);
      }
    }
  }

  /// It has started, for pg_ctl, which waits for that.
  public void started(Listening where) throws IOException {
    String lines =
        "%s%d\n%s\n%s\n%10d%10d\n%s\n"
            .formatted(who, where.port, where.socketDirectory, where.address, 0, 0, where.status());
    Files.writeString(file, lines, UTF_8, WRITE); // it only grows: what is read is never shorter
  }

  /// Who has taken the directory, and still runs.
  public static Optional<ProcessHandle> running(Path dataDirectory) throws IOException {
    try {
      return ProcessHandle.of(
          Math.abs(Long.parseLong(firstLine(dataDirectory.resolve(FILE_NAME)))));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String firstLine(Path file) throws IOException {
    return Files.readString(file, UTF_8).lines().findFirst().orElse("").strip();
  }

  private static void removeIfStale(Path dataDirectory, Path file) throws IOException {
    String line;
    try {
      line = firstLine(file);
    } catch (NoSuchFileException e) {
      return; // it went just now
    }
    if (isAlive(line)) {
      throw new RecoveryException(
          "lock file \"%s\" already exists".formatted(FILE_NAME),
          "Is a server (PID %s) running in data directory \"%s\"? Stop it first."
              .formatted(line.isEmpty() ? "unknown" : line, dataDirectory));
    }
    Files.deleteIfExists(file);
  }

  /// @param pid a single-user server's is negative; what is no number may become one yet
  private static boolean isAlive(String pid) {
    try {
      long number = Math.abs(Long.parseLong(pid));
      return number != ProcessHandle.current().pid() && ProcessHandle.of(number).isPresent();
    } catch (NumberFormatException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
