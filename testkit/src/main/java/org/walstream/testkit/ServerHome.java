package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The directory of one server: `data/`, `log` and the Unix-domain socket.
record ServerHome(Path directory) {

  static final String DATA = "data";

  static ServerHome fresh() {
    return new ServerHome(ServerUser.current().own(ScratchDirectory.make("pg")));
  }

  /// Makes `directory`, which must not exist.
  static ServerHome at(Path directory) {
    try {
      FileTree.openToAll(Files.createDirectory(directory));
    } catch (IOException e) {
      throw new UncheckedIOException("could not create directory \"" + directory + "\"", e);
    }
    return new ServerHome(ServerUser.current().own(directory));
  }

  Path data() {
    return directory.resolve(DATA);
  }

  Path log() {
    return directory.resolve("log");
  }
}
