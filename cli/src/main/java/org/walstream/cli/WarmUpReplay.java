package org.walstream.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// The part of [WarmUp] that `replay` and `standby` have a cache of their own from: replays a
/// little WAL again and again, so that the cache holds profiles as well and the compiler need not
/// wait for them.
///
/// `warm-up-replay.zip` is the data directory of a stopped PostgreSQL 18 with segments of 1 MB,
/// less its relations: its WAL has a page image of each page that it changes. What wrote it is a
/// COPY, an INSERT into a table with three indexes, a thousand transactions of pgbench's kind and a
/// VACUUM.
final class WarmUpReplay {

  /// So often has the compiler seen enough.
  private static final int ROUNDS = 20;

  private WarmUpReplay() {}

  static void run(Path directory) throws IOException {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    for (int round = 0; round < ROUNDS; round++) {
      Path data = Files.createDirectory(directory.resolve("data" + round));
      unpack(data);
      List<String> words = List.of("replay", "-D", data.toString(), "--workers", "2");
      if (new Main(nowhere, nowhere).run(words) != 0) {
        throw new IOException("the sample could not be replayed");
      }
    }
  }

  static void unpack(Path directory) throws IOException {
    var packed =
        Objects.requireNonNull(WarmUpReplay.class.getResourceAsStream("warm-up-replay.zip"));
    try (var zip = new ZipInputStream(packed)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = directory.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }
  }
}
