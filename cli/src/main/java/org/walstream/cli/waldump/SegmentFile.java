package org.walstream.cli.waldump;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.store.CompressedSegmentReader;
import org.walstream.store.Compression.Method;
import org.walstream.wal.WalSegmentName;

/// One segment's file, open for reading: as the server writes it, or compressed as a receiver
/// leaves it.
///
/// A compressed one is read forwards; asked for bytes before those it has given, it begins again.
/// One thread.
sealed interface SegmentFile extends AutoCloseable {

  /// Reads from `offset` on into the room that `into` has left.
  ///
  /// @return how many bytes, fewer than there is room for only at the end
  int read(int offset, ByteBuffer into) throws IOException;

  @Override
  void close() throws IOException;

  /// What the file of segment `name` may be called, in the order of preference.
  static List<String> names(String name) {
    var names = new ArrayList<String>();
    for (String suffix : List.of("", WalSegmentName.PARTIAL_SUFFIX)) {
      for (Method method : Method.values()) {
        names.add(name + method.suffix() + suffix);
      }
    }
    return names;
  }

  static SegmentFile open(Path path) throws IOException {
    Method method = method(path.getFileName().toString());
    return method == Method.NONE
        ? new Plain(FileChannel.open(path, StandardOpenOption.READ))
        : new Compressed(path, method);
  }

  private static Method method(String fileName) {
    String name =
        fileName.endsWith(WalSegmentName.PARTIAL_SUFFIX)
            ? fileName.substring(0, fileName.length() - WalSegmentName.PARTIAL_SUFFIX.length())
            : fileName;
    for (Method method : Method.values()) {
      if (method != Method.NONE && name.endsWith(method.suffix())) {
        return method;
      }
    }
    return Method.NONE;
  }

  /// The bytes as they are.
  record Plain(FileChannel file) implements SegmentFile {

    @Override
    public int read(int offset, ByteBuffer into) throws IOException {
      int length = 0;
      while (into.hasRemaining()) {
        int read = file.read(into, (long) offset + length);
        if (read < 0) {
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

    private final Path path;
    private final Method method;
    private final byte[] chunk = new byte[64 << 10];

    private @Nullable InputStream content;
    private int at;

    Compressed(Path path, Method method) throws IOException {
      if (!Files.exists(path)) {
        throw new NoSuchFileException(path.toString());
      }
      this.path = path;
      this.method = method;
    }

    @Override
    public int read(int offset, ByteBuffer into) throws IOException {
      InputStream from = content;
      if (from == null || offset < at) {
        close();
        from = CompressedSegmentReader.open(path, method);
        content = from;
        at = 0;
      }
      try {
        from.skipNBytes(offset - at);
        at = offset;
        return read(from, into);
      } catch (EOFException e) {
        at = Integer.MAX_VALUE; // cut off: whatever is wanted next, begin again
        return 0;
      }
    }

    private int read(InputStream from, ByteBuffer into) throws IOException {
      int length = 0;
      while (into.hasRemaining()) {
        int read = from.read(chunk, 0, Math.min(chunk.length, into.remaining()));
        if (read < 0) {
          break;
        }
        into.put(chunk, 0, read);
        length += read;
        at += read;
      }
      return length;
    }

    @Override
    public void close() throws IOException {
      if (content != null) {
        content.close();
        content = null;
      }
    }
  }
}
