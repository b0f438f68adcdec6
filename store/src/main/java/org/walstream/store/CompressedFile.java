package org.walstream.store;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.store.Compression.Method;

/// What a compressed segment file gives when decompressed: how many bytes, which tells a whole one,
/// and the first of them.
final class CompressedFile {

  private CompressedFile() {}

  /// Of a file that should be whole; anything but the segment's size means that it is not.
  static long sizeOfFinished(FileLayer files, Method method, Path path) throws IOException {
    return method == Method.GZIP ? gzipTrailer(files, path) : sizeOfPartial(files, method, path);
  }

  /// Of a file that may end anywhere: so much of it can be read.
  static long sizeOfPartial(FileLayer files, Method method, Path path) throws IOException {
    try (OpenFile file = files.openForReading(path);
        InputStream in = new BufferedInputStream(new FileInput(file), 64 << 10)) {
      return decompressed(method, in);
    }
  }

  /// The first `length` bytes, or fewer if there are not as many.
  static byte[] beginning(FileLayer files, Method method, Path path, int length)
      throws IOException {
    try (OpenFile file = files.openForReading(path);
        InputStream in = new FileInput(file);
        InputStream content = Compressors.decompressor(method, in)) {
      return content.readNBytes(length);
    } catch (IOException e) {
      return ifTorn(e, new byte[0]);
    }
  }

  private static long decompressed(Method method, InputStream in) throws IOException {
    byte[] chunk = new byte[64 << 10];
    long size = 0;
    try (InputStream content = Compressors.decompressor(method, in)) {
      for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
        size += read;
      }
    } catch (IOException e) {
      return ifTorn(e, size);
    }
    return size;
  }

  /// What was decompressed until `failure`, if that says something about the content and not about
  /// reading it.
  private static <T> T ifTorn(IOException failure, T soFar) throws IOException {
    if (!isTorn(failure)) {
      throw failure;
    }
    return soFar;
  }

  /// True when decompressing failed for what the file contains, not for how it was read.
  static boolean isTorn(IOException failure) {
    return failure instanceof EOFException
        || failure instanceof ZipException
        || failure.getClass().getName().endsWith(".ZstdIOException");
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

  private static final class FileInput extends InputStream {

    private final OpenFile file;
    private long at;

    FileInput(OpenFile file) {
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
