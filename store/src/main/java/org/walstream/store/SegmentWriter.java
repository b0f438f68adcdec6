package org.walstream.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// How the bytes of one segment get into its file.
///
/// Threads: [#write] is the log's writer; [#force] and [#complete] are its flush thread, at the
/// same time.
interface SegmentWriter extends Closeable {

  /// Writes `bytes`, which follow what was written before, at `offset` of the segment.
  void write(ByteBuffer bytes, int offset) throws IOException;

  /// Returns once all bytes whose `write` had returned are durable.
  void force() throws IOException;

  /// Ends a whole segment, then does what [#force] does.
  void complete() throws IOException;

  /// True when what was written at `offset` is exactly `bytes` (position to limit, left unchanged).
  boolean holds(ByteBuffer bytes, int offset) throws IOException;

  /// Ends the file as it is and gives it back.
  @Override
  void close() throws IOException;
}
