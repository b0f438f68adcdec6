package org.walstream.store;

import java.util.Comparator;
import java.util.Optional;
import org.walstream.store.Compression.Method;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// What a segment's file is called while it goes through its stages:
///
/// ```
///   000000010000000000000003.next      reserved ahead, or begun while its predecessor is unfinished
///   000000010000000000000003.partial   being received, all before it finished
///   000000010000000000000003           complete and durable
/// ```
///
/// The suffix of a compressed file comes before that of its stage: `….gz.partial`. The first stage
/// is ours; pg_receivewal does not see such files. It must not: finding a `.partial` it takes every
/// segment before it for finished and would leave a gap.
record SegmentFileName(WalSegmentName segment, Method method, Stage stage) {

  enum Stage {
    NEXT(".next"),
    PARTIAL(WalSegmentName.PARTIAL_SUFFIX),
    FINISHED("");

    private final String suffix;

    Stage(String suffix) {
      this.suffix = suffix;
    }
  }

  /// Oldest WAL first; of one position the newest timeline last, and of one segment the finished
  /// file last: the last of all is where pg_receivewal would go on (FindStreamingStart).
  static final Comparator<SegmentFileName> ORDER =
      Comparator.<SegmentFileName>comparingLong(name -> name.segment.segmentNumber())
          .thenComparing(name -> name.segment.timeline())
          .thenComparing(SegmentFileName::stage)
          .thenComparing(SegmentFileName::method, Comparator.reverseOrder());

  /// Reads a file's name; empty for files that hold no segment of this size.
  static Optional<SegmentFileName> parse(String fileName, WalSegmentSize segmentSize) {
    String rest = fileName;
    Stage stage = Stage.FINISHED;
    for (Stage candidate : new Stage[] {Stage.NEXT, Stage.PARTIAL}) {
      if (rest.endsWith(candidate.suffix)) {
        stage = candidate;
        rest = rest.substring(0, rest.length() - candidate.suffix.length());
        break;
      }
    }
    Method method = Method.NONE;
    for (Method candidate : Method.values()) {
      if (candidate != Method.NONE && rest.endsWith(candidate.suffix())) {
        method = candidate;
        rest = rest.substring(0, rest.length() - candidate.suffix().length());
        break;
      }
    }
    Stage foundStage = stage;
    Method foundMethod = method;
    return WalSegmentName.parse(rest, segmentSize)
        .map(segment -> new SegmentFileName(segment, foundMethod, foundStage));
  }

  static SegmentFileName finished(WalSegmentName segment) {
    return new SegmentFileName(segment, Method.NONE, Stage.FINISHED);
  }

  SegmentFileName at(Stage other) {
    return new SegmentFileName(segment, method, other);
  }

  boolean isFinished() {
    return stage == Stage.FINISHED;
  }

  boolean isPlain() {
    return method == Method.NONE;
  }

  String fileName() {
    return segment.fileName() + method.suffix() + stage.suffix;
  }

  @Override
  public String toString() {
    return fileName();
  }
}
