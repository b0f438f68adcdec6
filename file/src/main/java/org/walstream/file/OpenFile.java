package org.walstream.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An open file, read and written by position. Reads, writes and `force` may come from several
/// threads at once; none of those threads may be interrupted meanwhile, since an interrupt closes
/// the underlying channel for all of them.
///
/// This is a seam: tests wrap a [FileLayer] in one of their own to record what happens to each file
/// or to make any step fail.
public interface OpenFile extends Closeable {

  /// Writes all of `bytes` (position to limit) from `offset` on; the buffer is consumed.
  void write(ByteBuffer bytes, long offset) throws IOException;

  /// Reads up to `bytes.remaining()` bytes from `offset` on, in one attempt.
  ///
  /// @return how many bytes were read, or -1 at the end of the file
  int read(ByteBuffer bytes, long offset) throws IOException;

  long size() throws IOException;

  void truncate(long size) throws IOException;

  /// Returns once the file's bytes are on durable storage. What had not been forced when this
  /// throws must be taken as lost: the kernel may have dropped the dirty pages, and a second call
  /// would succeed without having written them.
  void force() throws IOException;

  /// A hint: these bytes will be read soon. The kernel may begin to bring them into memory; the
  /// caller does not wait.
  default void willNeed(long offset, long bytes) {}

  /// A hint: these bytes have been written and will be forced by and by. The kernel may begin to
  /// write them; nothing is durable by that.
  default void startWriting(long offset, long bytes) {}
}
