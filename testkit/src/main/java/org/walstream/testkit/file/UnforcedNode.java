package org.walstream.testkit.file;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file, directory or link, whatever it is called.
final class UnforcedNode {

  /// Where it is now, which is somewhere aside when it has no name any more.
  Path place;

  /// Of a file.
  final @Nullable UnforcedFile file;

  /// Of a directory.
  final UnforcedNames names = new UnforcedNames();

  UnforcedNode(Path place, @Nullable UnforcedFile file) {
    this.place = place;
    this.file = file;
  }
}
