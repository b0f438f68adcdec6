package org.walstream.send.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.walstream.wire.transport.UnixSocketPath;

/// The file of a Unix socket and the lock file beside it, as a PostgreSQL server makes them, so
/// that neither takes the other's away.
///
/// ```
/// .s.PGSQL.5432        the socket
/// .s.PGSQL.5432.lock   the process id of its owner, in the first line
/// ```
///
/// Counterpart of CreateSocketLockFile(), src/backend/utils/init/miscinit.c.
record UnixSocketFile(Path path, Path lockFile) implements AutoCloseable {

  /// @throws IOException if a living process owns the socket, or its name is too long for one
  static UnixSocketFile claim(Path directory, int port) throws IOException {
    Path path = directory.resolve(".s.PGSQL." + port);
    Optional<String> complaint = UnixSocketPath.complaint(path.toString());
    if (complaint.isPresent()) {
      throw new IOException(complaint.get());
    }
    Path lock = directory.resolve(path.getFileName() + ".lock");
    String text = ProcessHandle.current().pid() + "\n" + directory + "\n" + port + "\n";
    while (true) {
      try {
        Files.writeString(lock, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        break;
      } catch (FileAlreadyExistsException e) {
        refuseIfAlive(lock);
        Files.deleteIfExists(lock);
      }
    }
    Files.deleteIfExists(path); // left by a process that is gone
    return new UnixSocketFile(path, lock);
  }

  private static void refuseIfAlive(Path lock) throws IOException {
    String first = Files.readString(lock).lines().findFirst().orElse("").strip();
    long pid;
    try {
      pid = Long.parseLong(first);
    } catch (NumberFormatException e) {
      throw new IOException("bogus data in lock file \"" + lock + "\": \"" + first + "\"", e);
    }
    boolean mine = pid == ProcessHandle.current().pid();
    if (!mine && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      throw new IOException(
          "lock file \"%s\" already exists: is another server (PID %d) using its socket file?"
              .formatted(lock, pid));
    }
  }

  ServerSocketChannel bind(int backlog, UnixSocketAccess access) throws IOException {
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), backlog);
      access.give(path);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(lockFile);
  }
}
