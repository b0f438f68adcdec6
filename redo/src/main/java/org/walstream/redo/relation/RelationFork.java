package org.walstream.redo.relation;

import java.nio.file.Path;
import java.util.Arrays;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// A fork by the names of its files, which are made once: for who reads and writes many blocks of
/// it. Whether there are such files is another matter. Any thread.
///
/// @see RelationFiles#fork
public final class RelationFork {

  /// So many names are kept, of 1 GB each; those of further ones are made when they are needed.
  private static final int KEPT = 1024;

  private final RelFileLocator relation;
  private final ForkNumber fork;

  /// Names of the first segments; replaced by more when more are needed.
  private volatile Path[] segments;

  RelationFork(RelFileLocator relation, ForkNumber fork, Path first) {
    this.relation = relation;
    this.fork = fork;
    this.segments = new Path[] {first};
  }

  public RelFileLocator relation() {
    return relation;
  }

  public ForkNumber fork() {
    return fork;
  }

  /// The first segment's name.
  Path path() {
    return segments[0];
  }

  Path segment(int segment) {
    Path[] known = segments;
    if (segment >= KEPT) {
      return RelationPaths.segment(known[0], segment);
    }
    if (segment >= known.length) {
      Path[] more = Arrays.copyOf(known, segment + 1);
      Arrays.setAll(more, i -> i < known.length ? known[i] : RelationPaths.segment(known[0], i));
      segments = more;
      return more[segment];
    }
    return known[segment];
  }
}
