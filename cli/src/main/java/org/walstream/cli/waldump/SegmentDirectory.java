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
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.XLogLongPageHeader;

/// Where the segments are, and how large they are.
///
/// Counterpart of identify_target_directory() and search_directory().
///
/// @param isCompressed true when the file looked at first is
record SegmentDirectory(Path path, WalSegmentSize segmentSize, boolean isCompressed) {

  private static final String PG_WAL = "pg_wal";

  /// Looks for `fileName`, or any segment when it is null, in `given` or its `pg_wal`; when nothing
  /// is given here, in `pg_wal`, and in `$PGDATA/pg_wal`.
  ///
  /// @throws WaldumpFailure when there is none, or it does not tell a segment size
  static SegmentDirectory identify(@Nullable Path given, @Nullable String fileName)
      throws IOException {
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

  /// The file of this name here, also when it is there compressed only.
  static Optional<Path> file(Path directory, String name) {
    return SegmentFile.names(name).stream()
        .map(directory::resolve)
        .filter(Files::exists)
        .findFirst();
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

  private static Optional<Path> anySegment(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (isSegment(file.getFileName().toString())) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isSegment(String fileName) {
    return fileName.length() >= 24
        && WalSegmentName.isSegmentName(fileName.substring(0, 24))
        && SegmentFile.names(fileName.substring(0, 24)).contains(fileName);
  }

  private static SegmentDirectory of(Path directory, Path segment) throws IOException {
    try (var file = SegmentFile.open(segment)) {
      String name = segment.getFileName().toString();
      return new SegmentDirectory(
          directory, segmentSize(name, file), file instanceof SegmentFile.Compressed);
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
