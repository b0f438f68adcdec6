package org.walstream.store.segment;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.store.compress.Compression.Method;
import org.walstream.store.compress.Compressors;

/// One segment's file, open for reading: as a server writes it, or compressed as a receiver leaves
/// it. Keeps the file open, so that renaming or deleting it does not matter.
///
/// A compressed one is read forwards; asked for bytes before those it has given, it begins again.
/// One thread.
public sealed interface SegmentFile extends Closeable {

  /// Reads from `offset` on into the room that `into` has left.
  ///
  /// @return how many bytes, fewer than there is room for only at the end of what the file gives: a
  ///   compressed file that is cut off gives what comes before the cut
  int read(int offset, ByteBuffer into) throws IOException;

  /// @throws java.nio.file.NoSuchFileException if there is none
  static SegmentFile open(FileLayer files, Path path, Method method) throws IOException {
    OpenFile file = files.openForReading(path);
    return method == Method.NONE ? new Plain(file) : new Compressed(file, method);
  }

  /// How many bytes of WAL a file gives that should be whole; anything but the segment's size means
  /// that it is not.
  static long sizeOfFinished(FileLayer files, Path path, Method method) throws IOException {
    return switch (method) {
      case NONE -> files.size(path);
      case GZIP -> gzipTrailer(files, path);
      case LZ4, ZSTD -> sizeOfPartial(files, path, method);
    };
  }

  /// How many bytes of WAL can be read from a file that may end anywhere.
  static long sizeOfPartial(FileLayer files, Path path, Method method) throws IOException {
    try (SegmentFile file = open(files, path, method)) {
      ByteBuffer chunk = ByteBuffer.allocate(64 << 10);
      int size = 0;
      int read;
      while ((read = file.read(size, chunk.clear())) > 0) {
        size += read;
      }
      return size;
    }
  }

  /// gzip keeps the uncompressed size, modulo 4 GiB, in its last four bytes (ISIZE).
  private static long gzipTrailer(FileLayer files, Path path) throws IOException {
    ByteBuffer trailer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    try (OpenFile file = files.openForReading(path)) {
      long size = file.size();
      if (size < trailer.capacity() || file.read(trailer, size - trailer.capacity()) < 4) {
        return 0;
      }
    }
    return Integer.toUnsignedLong(trailer.getInt(0));
  }

  /// The bytes as they are.
  record Plain(OpenFile file) implements SegmentFile {

    @Override
    public int read(int offset, ByteBuffer into) throws IOException {
      int length = 0;
      while (into.hasRemaining()) {
        int read = file.read(into, (long) offset + length);
        if (read <= 0) {
          break;
        }
        length += read;
      }
      return length;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /// The bytes decompressed as they are asked for.
  final class Compressed implements SegmentFile {

    private static final int CHUNK_BYTES = 64 << 10;

    private final OpenFile file;
    private final Method method;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    /// What decompresses, and how many bytes it has given.
    private @Nullable InputStream content;

    private int at;

    private Compressed(OpenFile file, Method method) {
      this.file = file;
      this.method = method;
    }

    @Override
    public int read(int offset, ByteBuffer into) throws IOException {
      try {
        InputStream from = content;
        if (from == null || offset < at) {
          closeContent();
          from = Compressors.decompressor(method, newInput());
          content = from;
          at = 0;
        }
        while (at < offset) {
          int skipped = from.read(chunk, 0, Math.min(chunk.length, offset - at));
          if (skipped < 0) {
            return 0;
          }
          at += skipped;
        }
        return read(from, into);
      } catch (IOException e) {
        return ended(e);
      }
    }

    private int read(InputStream from, ByteBuffer into) throws IOException {
      int start = into.position();
      try {
        while (into.hasRemaining()) {
          int read = from.read(chunk, 0, Math.min(chunk.length, into.remaining()));
          if (read < 0) {
            break;
          }
          into.put(chunk, 0, read);
          at += read;
        }
      } catch (IOException e) {
        int none = ended(e);
        return into.position() - start + none;
      }
      return into.position() - start;
    }

    /// Where the content is cut off it ends; a file that cannot be read is another matter.
    private int ended(IOException failure) throws IOException {
      closeContent(); // asked again, begin again: there may be more by then
      if (!Compressors.isTorn(failure)) {
        throw failure;
      }
      return 0;
    }

    private InputStream newInput() {
      return new BufferedInputStream(new FileInput(file), CHUNK_BYTES);
    }

    private void closeContent() throws IOException {
      InputStream from = content;
      content = null;
      if (from != null) {
        from.close();
      }
    }

    @Override
    public void close() throws IOException {
      try {
        closeContent();
      } finally {
        file.close();
      }
    }
  }

  /// A file from its start, in order.
  final class FileInput extends InputStream {

    private final OpenFile file;
    private long at;

    private FileInput(OpenFile file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = file.read(ByteBuffer.wrap(bytes, offset, length), at);
      at += Math.max(read, 0);
      return read;
    }
  }
}
