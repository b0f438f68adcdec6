package org.walstream.store.segment;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.walstream.store.compress.Compression.Method;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// What a segment's file is called while it goes through its stages:
///
/// ```
///   .000000010000000000000003.next      reserved ahead, or begun while its predecessor is unfinished
///   000000010000000000000003.partial    being received, all before it finished
///   000000010000000000000003            complete and durable
/// ```
///
/// The suffix of a compressed file comes before that of its stage: `….gz.partial`. The first stage
/// is ours alone, and hidden: pg_receivewal must not see such a file, since finding a `.partial` it
/// takes every segment before it for finished and would leave a gap; and an archiver that owns the
/// directory (Barman's reports every name it does not know, and moves the file away) looks at names
/// without a leading dot.
public record SegmentFileName(WalSegmentName segment, Method method, Stage stage) {

  /// In the order of a file's life.
  public enum Stage {
    NEXT(".", ".next"),
    PARTIAL("", WalSegmentName.PARTIAL_SUFFIX),
    FINISHED("", "");

    private final String prefix;
    private final String suffix;

    Stage(String prefix, String suffix) {
      this.prefix = prefix;
      this.suffix = suffix;
    }

    private boolean marks(String fileName) {
      return fileName.length() >= prefix.length() + suffix.length()
          && fileName.startsWith(prefix)
          && fileName.endsWith(suffix);
    }

    private String unmarked(String fileName) {
      return fileName.substring(prefix.length(), fileName.length() - suffix.length());
    }
  }

  /// Oldest WAL first; of one position the newest timeline last, and of one segment the finished
  /// file last: the last of all is where pg_receivewal would go on (FindStreamingStart).
  public static final Comparator<SegmentFileName> ORDER =
      Comparator.<SegmentFileName>comparingLong(name -> name.segment.segmentNumber())
          .thenComparing(name -> name.segment.timeline())
          .thenComparing(SegmentFileName::stage)
          .thenComparing(SegmentFileName::method, Comparator.reverseOrder());

  private static final int SEGMENT_NAME_LENGTH = 24;

  /// Reads a file's name; empty for files that hold no segment of this size.
  public static Optional<SegmentFileName> parse(String fileName, WalSegmentSize segmentSize) {
    Stage stage = stage(fileName);
    String rest = stage.unmarked(fileName);
    Method method = method(rest);
    return WalSegmentName.parse(
            rest.substring(0, rest.length() - method.suffix().length()), segmentSize)
        .map(segment -> new SegmentFileName(segment, method, stage));
  }

  /// True when `fileName` is that of a segment, finished or being received, compressed or not,
  /// whatever the segment size. The first 24 characters are then the segment's name.
  public static boolean isSegment(String fileName) {
    Stage stage = stage(fileName);
    String rest = stage.unmarked(fileName);
    return stage != Stage.NEXT
        && rest.length() == SEGMENT_NAME_LENGTH + method(rest).suffix().length()
        && WalSegmentName.isSegmentName(rest.substring(0, SEGMENT_NAME_LENGTH));
  }

  /// What a segment's file may be called besides its segment's name, but for the files that are
  /// ours alone; the best one to read first.
  public static List<String> suffixes() {
    return Stream.of(Stage.FINISHED, Stage.PARTIAL)
        .flatMap(stage -> Stream.of(Method.values()).map(method -> method.suffix() + stage.suffix))
        .toList();
  }

  /// How the file is compressed, as its name says.
  public static Method methodOf(String fileName) {
    return method(stage(fileName).unmarked(fileName));
  }

  private static Stage stage(String fileName) {
    if (Stage.NEXT.marks(fileName)) {
      return Stage.NEXT;
    }
    return Stage.PARTIAL.marks(fileName) ? Stage.PARTIAL : Stage.FINISHED;
  }

  private static Method method(String unmarked) {
    for (Method candidate : Method.values()) {
      if (candidate != Method.NONE && unmarked.endsWith(candidate.suffix())) {
        return candidate;
      }
    }
    return Method.NONE;
  }

  public static SegmentFileName finished(WalSegmentName segment) {
    return new SegmentFileName(segment, Method.NONE, Stage.FINISHED);
  }

  public SegmentFileName at(Stage other) {
    return new SegmentFileName(segment, method, other);
  }

  public boolean isFinished() {
    return stage == Stage.FINISHED;
  }

  public boolean isPlain() {
    return method == Method.NONE;
  }

  public String fileName() {
    return stage.prefix + segment.fileName() + method.suffix() + stage.suffix;
  }

  @Override
  public String toString() {
    return fileName();
  }
}
