package org.walstream.store.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalInt;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;
import org.walstream.store.compress.Compression.Method;

/// Streams that compress and decompress, one library each. Every library is in a class of its own,
/// so that it is loaded when it is used and not before.
public final class Compressors {

  private static final int BUFFER_BYTES = 64 << 10;

  private Compressors() {}

  /// A stream whose `flush` lets a reader decompress everything written before.
  public static OutputStream compressor(Compression compression, OutputStream out)
      throws IOException {
    return switch (compression.method()) {
      case GZIP -> new Gzip(out, compression.level());
      case LZ4 -> Lz4.compressor(out, compression.level());
      case ZSTD -> Zstandard.compressor(out, compression.level());
      case NONE -> throw new IllegalArgumentException("no compressor for method none");
    };
  }

  /// Reads what such a stream, pg_receivewal or the method's own tool has written.
  public static InputStream decompressor(Method method, InputStream in) throws IOException {
    return switch (method) {
      case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
      case ZSTD -> Zstandard.decompressor(in);
      case LZ4 -> new Lz4FrameInputStream(in);
      case NONE -> throw new IllegalArgumentException("no decompressor for " + method);
    };
  }

  /// True when decompressing failed for what the bytes are, not for how they were read.
  public static boolean isTorn(IOException failure) {
    return failure instanceof EOFException
        || failure instanceof ZipException
        || failure.getClass().getName().endsWith(".ZstdIOException");
  }

  private static final class Gzip extends GZIPOutputStream {

    Gzip(OutputStream out, OptionalInt level) throws IOException {
      super(out, BUFFER_BYTES, true);
      def.setLevel(level.orElse(Deflater.DEFAULT_COMPRESSION));
    }
  }

  private static final class Lz4 {

    /// From here on lz4 itself changes to its slower, better compressor.
    private static final int FIRST_HIGH_LEVEL = 3;

    /// The pure Java implementation: the native one leaves files behind in the temporary directory.
    static OutputStream compressor(OutputStream out, OptionalInt level) throws IOException {
      LZ4Factory factory = LZ4Factory.safeInstance();
      int value = level.orElse(1);
      LZ4Compressor compressor =
          value < FIRST_HIGH_LEVEL ? factory.fastCompressor() : factory.highCompressor(value);
      return new LZ4FrameOutputStream(
          out,
          BLOCKSIZE.SIZE_64KB,
          -1L,
          compressor,
          XXHashFactory.safeInstance().hash32(),
          FLG.Bits.BLOCK_INDEPENDENCE);
    }
  }

  private static final class Zstandard {

    static OutputStream compressor(OutputStream out, OptionalInt level) throws IOException {
      return new ZstdOutputStream(out, level.orElse(Zstd.defaultCompressionLevel()));
    }

    static InputStream decompressor(InputStream in) throws IOException {
      return new ZstdInputStream(in);
    }
  }
}
