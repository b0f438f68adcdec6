package org.walstream.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.walstream.store.Compression.Method;

/// The content of a compressed segment file, from its start, as far as it can be decompressed: a
/// file still being received, or cut off, ends early.
public final class CompressedSegmentReader extends FilterInputStream {

  private CompressedSegmentReader(InputStream content) {
    super(content);
  }

  /// @param method not [Method#NONE]
  public static InputStream open(Path file, Method method) throws IOException {
    InputStream compressed = Files.newInputStream(file);
    try {
      return new CompressedSegmentReader(Compressors.decompressor(method, compressed));
    } catch (IOException e) {
      compressed.close();
      if (CompressedFile.isTorn(e)) {
        return InputStream.nullInputStream();
      }
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      if (CompressedFile.isTorn(e)) {
        return -1;
      }
      throw e;
    }
  }
}
