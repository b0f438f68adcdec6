package org.walstream.cli.waldump;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.UsageException;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// What is to be read, and where it is.
///
/// @param endLsn no byte from here on is read; 0: as far as there is WAL
record WalRange(WalFiles directory, TimelineId timeline, long startLsn, long endLsn) {

  /// Refuses a directory that is none.
  static void checkPath(WaldumpOptions options) {
    if (options.path != null && !Files.isDirectory(Path.of(options.path))) {
      throw new UsageException(notADirectory(Path.of(options.path)));
    }
  }

  /// Puts together what the options and the segments on the command line say, with pg_waldump's
  /// checks in its order.
  static WalRange of(WaldumpOptions options) throws IOException {
    Path path = options.path == null ? null : Path.of(options.path);
    WalRange range =
        options.startSegment == null
            ? new WalRange(
                WalFiles.identify(path, null), options.timeline, options.startLsn, options.endLsn)
            : ofSegments(options, path, options.startSegment);
    if (range.startLsn == 0) {
      throw new UsageException("no start WAL location given");
    }
    return range;
  }

  /// The same WAL between other positions.
  WalRange part(long fromLsn, long toLsn) {
    return new WalRange(directory, timeline, fromLsn, toLsn);
  }

  private static WalRange ofSegments(
      WaldumpOptions options, @Nullable Path given, String startSegment) throws IOException {
    Path file = Path.of(startSegment);
    Path path = given != null ? given : file.getParent();
    if (given == null && path != null && !Files.isDirectory(path)) {
      throw new WaldumpFailure(notADirectory(path));
    }
    String name = String.valueOf(file.getFileName());
    var directory = WalFiles.identify(path, name);
    Segment first = Segment.parse(name, directory.segmentSize());
    Segment last = first;
    String lastOperand = startSegment;
    long startLsn = options.startLsn == 0 ? first.startLsn() : options.startLsn;
    if (!first.contains(startLsn)) {
      throw new UsageException(
          "start WAL location %s is not inside file \"%s\"".formatted(Lsn.format(startLsn), name));
    }
    if (options.endSegment != null) {
      last = endSegment(directory, options.endSegment);
      lastOperand = options.endSegment;
      if (last.number < first.number) {
        throw new WaldumpFailure(
            "ENDSEG %s is before STARTSEG %s".formatted(options.endSegment, startSegment));
      }
    }
    long endLsn = options.endLsn == 0 ? last.endLsn() : options.endLsn;
    if (!last.contains(endLsn) && endLsn != last.endLsn()) {
      throw new UsageException(
          "end WAL location %s is not inside file \"%s\""
              .formatted(Lsn.format(endLsn), lastOperand));
    }
    return new WalRange(directory, last.timeline, startLsn, endLsn);
  }

  private static Segment endSegment(WalFiles directory, String operand) throws WaldumpFailure {
    String name = String.valueOf(Path.of(operand).getFileName());
    if (WalFiles.file(directory.path(), name).isEmpty()) {
      throw new WaldumpFailure("could not open file \"%s\"".formatted(name));
    }
    return Segment.parse(name, directory.segmentSize());
  }

  private static String notADirectory(Path path) {
    return "could not open directory \"%s\": %s"
        .formatted(path, Files.exists(path) ? "Not a directory" : "No such file or directory");
  }

  /// What a file name says, taken as loosely as pg_waldump takes it (XLogFromFileName).
  private record Segment(TimelineId timeline, long number, WalSegmentSize size) {

    static Segment parse(String fileName, WalSegmentSize size) throws WaldumpFailure {
      OptionalLong timeline = part(fileName, 0);
      OptionalLong high = part(fileName, 8);
      OptionalLong low = part(fileName, 16);
      if (timeline.orElse(0) == 0 || high.isEmpty() || low.isEmpty()) {
        throw new WaldumpFailure("\"%s\" is not the name of a WAL file".formatted(fileName));
      }
      return new Segment(
          new TimelineId((int) timeline.getAsLong()),
          high.getAsLong() * (0x1_0000_0000L / size.bytes()) + low.getAsLong(),
          size);
    }

    private static OptionalLong part(String fileName, int from) {
      try {
        return OptionalLong.of(Long.parseLong(fileName, from, from + 8, 16));
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        return OptionalLong.empty();
      }
    }

    long startLsn() {
      return size.start(number);
    }

    long endLsn() {
      return size.start(number + 1);
    }

    boolean contains(long lsn) {
      return size.segmentNumber(lsn) == number;
    }
  }
}
