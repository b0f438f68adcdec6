package org.walstream.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.walstream.wal.WalSegmentName;

/// Compares the finished segments that several directories of WAL have in common.
///
/// @param segments how many segments every directory holds
/// @param bytes how many bytes those are, in one directory
/// @param differences what differs, one line each; empty when all is the same
record WalComparison(int segments, long bytes, List<String> differences) {

  /// Compares every finished segment of `first` that `others` have too.
  static WalComparison of(Path first, List<Path> others) throws IOException {
    var names = finishedSegments(first);
    for (Path other : others) {
      names.retainAll(finishedSegments(other));
    }
    long bytes = 0;
    var differences = new ArrayList<String>();
    for (String name : names) {
      bytes += Files.size(first.resolve(name));
      for (Path other : others) {
        long at = Files.mismatch(first.resolve(name), other.resolve(name));
        if (at >= 0) {
          differences.add(
              "%s differs between %s and %s at byte %d".formatted(name, first, other, at));
        }
      }
    }
    return new WalComparison(names.size(), bytes, List.copyOf(differences));
  }

  private static TreeSet<String> finishedSegments(Path directory) throws IOException {
    var names = new TreeSet<String>();
    try (var files = Files.list(directory)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(WalSegmentName::isSegmentName)
          .forEach(names::add);
    }
    return names;
  }
}
