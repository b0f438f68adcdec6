package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// The directory of one server: `data/`, `log` and the Unix-domain socket.
///
/// By default it is `servers/pg-PID-N` in the cache, PID being the process that runs the server. A
/// process that was killed leaves its servers running: the next one to make a server finds them
/// here, stops them and deletes what they left.
record ServerHome(Path directory) {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String PREFIX = "pg-";

  static ServerHome fresh() {
    var servers = CacheDirectory.directory("servers");
    if (COUNT.get() == 0) {
      sweep(servers);
    }
    var name = PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    FileTree.delete(servers.resolve(name)); // of an earlier process of the same number
    return at(servers.resolve(name));
  }

  static ServerHome at(Path directory) {
    try {
      Files.createDirectory(directory);
      FileTree.openToAll(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("could not create directory \"" + directory + "\"", e);
    }
    return new ServerHome(ServerUser.current().own(directory));
  }

  Path data() {
    return directory.resolve("data");
  }

  Path log() {
    return directory.resolve("log");
  }

  private static void sweep(Path servers) {
    try (var homes = Files.newDirectoryStream(servers, PREFIX + "*")) {
      for (var home : homes) {
        if (ownerIsGone(home)) {
          Postmaster.find(home.resolve("data")).ifPresent(Postmaster::kill);
          FileTree.delete(home);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read directory \"" + servers + "\"", e);
    }
  }

  private static boolean ownerIsGone(Path home) {
    var parts = String.valueOf(home.getFileName()).split("-", -1);
    return ProcessHandle.of(Long.parseLong(parts[1])).isEmpty();
  }
}
