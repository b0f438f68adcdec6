package org.walstream.cli.waldump;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.store.compress.Compression.Method;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFile;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.XLogLongPageHeader;

/// Where the segments are, and how large they are.
///
/// Counterpart of identify_target_directory() and search_directory().
///
/// @param isCompressed true when the file looked at first is
record WalFiles(Path path, WalSegmentSize segmentSize, boolean isCompressed) {

  private static final String PG_WAL = "pg_wal";

  /// Looks for `fileName`, or any segment when it is null, in `given` or its `pg_wal`; when nothing
  /// is given here, in `pg_wal`, and in `$PGDATA/pg_wal`.
  ///
  /// @throws WaldumpFailure when there is none, or it does not tell a segment size
  static WalFiles identify(@Nullable Path given, @Nullable String fileName) throws IOException {
    for (Path candidate : candidates(given)) {
      Optional<Path> file = fileName == null ? anySegment(candidate) : file(candidate, fileName);
      if (file.isPresent()) {
        return of(candidate, file.get());
      }
    }
    throw new WaldumpFailure(
        fileName == null
            ? "could not find any WAL file"
            : "could not locate WAL file \"%s\"".formatted(fileName));
  }

  /// The file of this name here, also when it is there compressed, or as a partial one, only.
  static Optional<Path> file(Path directory, String name) {
    Path exactly = directory.resolve(name);
    return Files.exists(exactly)
        ? Optional.of(exactly)
        : SegmentFileName.suffixes().stream()
            .map(suffix -> directory.resolve(name + suffix))
            .filter(Files::exists)
            .findFirst();
  }

  /// Reads them; each reader has its own.
  SegmentReader newReader() {
    return new SegmentReader(new SegmentDirectory(FileLayer.system(), path));
  }

  private static List<Path> candidates(@Nullable Path given) {
    if (given != null) {
      return List.of(given, given.resolve(PG_WAL));
    }
    var candidates = new ArrayList<>(List.of(Path.of("."), Path.of(PG_WAL)));
    String dataDirectory = System.getenv("PGDATA");
    if (dataDirectory != null) {
      candidates.add(Path.of(dataDirectory, PG_WAL));
    }
    return candidates;
  }

  /// A finished one if there is one: a partial one, compressed, may have nothing in it yet.
  private static Optional<Path> anySegment(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    Optional<Path> partial = Optional.empty();
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.endsWith(WalSegmentName.PARTIAL_SUFFIX) && SegmentFileName.isSegment(name)) {
          partial = Optional.of(file);
        } else if (SegmentFileName.isSegment(name)) {
          return Optional.of(file);
        }
      }
    }
    return partial;
  }

  private static WalFiles of(Path directory, Path segment) throws IOException {
    String name = segment.getFileName().toString();
    Method method = SegmentFileName.methodOf(name);
    try (var file = SegmentFile.open(FileLayer.system(), segment, method)) {
      return new WalFiles(directory, segmentSize(name, file), method != Method.NONE);
    }
  }

  private static WalSegmentSize segmentSize(String name, SegmentFile file) throws IOException {
    var page = ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(0, page);
    if (page.hasRemaining()) {
      throw new WaldumpFailure(
          "could not read file \"%s\": read %d of %d"
              .formatted(name, page.position(), page.capacity()));
    }
    int bytes = XLogLongPageHeader.read(page.clear(), 0).segmentBytes();
    if (!WalSegmentSize.isValid(bytes)) {
      throw new WaldumpFailure(
          "invalid WAL segment size in WAL file \"%s\" (%d %s)"
              .formatted(name, bytes, bytes == 1 ? "byte" : "bytes"),
          "The WAL segment size must be a power of two between 1 MB and 1 GB.");
    }
    return new WalSegmentSize(bytes);
  }
}
