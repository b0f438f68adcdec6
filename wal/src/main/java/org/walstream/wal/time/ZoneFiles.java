package org.walstream.wal.time;

import org.jspecify.annotations.Nullable;

/// Where the bytes of compiled zones come from.
@FunctionalInterface
public interface ZoneFiles {

  /// @return the content of a file, or null when there is none or it cannot be read
  byte @Nullable [] read(String path);
}
