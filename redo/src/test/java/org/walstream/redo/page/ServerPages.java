package org.walstream.redo.page;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The pages in the data directory of a server that has stopped, or has just made a checkpoint.
final class ServerPages {

  private static final Pattern FORK_FILE = Pattern.compile("(\\d+)(_fsm|_vm|_init)?(\\.\\d+)?");

  private ServerPages() {}

  /// Every file of every fork of every relation, of all databases.
  static List<Path> forkFiles(Path dataDirectory) throws IOException {
    try (var base = Files.walk(dataDirectory.resolve("base"));
        var global = Files.list(dataDirectory.resolve("global"))) {
      return Stream.concat(base, global)
          .filter(Files::isRegularFile)
          .filter(file -> FORK_FILE.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  /// A file as one pool.
  static MemorySegment read(Path file) {
    try {
      return MemorySegment.ofArray(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int count(MemorySegment file) {
    return (int) (file.byteSize() / PAGE_BYTES);
  }

  static long page(int blockNumber) {
    return (long) blockNumber * PAGE_BYTES;
  }
}
