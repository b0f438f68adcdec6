package org.walstream.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.walstream.file.OpenFile;
import org.walstream.store.compress.Compression;
import org.walstream.store.compress.Compressors;

/// Writes a segment through a compressor into a file that grows.
///
/// As with pg_receivewal, to force such a file is to flush the compressor, which makes the output
/// larger, and then the file. What a compressor has taken cannot be read back: a stream that begins
/// anew at the segment's start is passed over up to where it was, unseen.
final class CompressedSegmentWriter implements SegmentWriter {

  private static final int CHUNK_BYTES = 64 << 10;

  private final WalDirectory directory;
  private final OpenFile file;
  private final OutputStream compressor;

  /// Held by whoever uses the compressor.
  private final ReentrantLock lock = new ReentrantLock();

  private final byte[] chunk = new byte[CHUNK_BYTES];
  private boolean ended;

  private CompressedSegmentWriter(WalDirectory directory, OpenFile file, OutputStream compressor) {
    this.directory = directory;
    this.file = file;
    this.compressor = compressor;
  }

  static CompressedSegmentWriter begin(
      WalDirectory directory, Compression compression, OpenFile file) throws IOException {
    return new CompressedSegmentWriter(
        directory, file, Compressors.compressor(compression, new FileOutput(file)));
  }

  @Override
  public void write(ByteBuffer bytes, int offset) throws IOException {
    lock.lock();
    try {
      while (bytes.hasRemaining()) {
        int length = Math.min(bytes.remaining(), CHUNK_BYTES);
        bytes.get(chunk, 0, length);
        compressor.write(chunk, 0, length);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean holds(ByteBuffer bytes, int offset) {
    return true;
  }

  @Override
  public void force() throws IOException {
    lock.lock();
    try {
      compressor.flush();
    } finally {
      lock.unlock();
    }
    directory.force(file);
  }

  @Override
  public void complete() throws IOException {
    end();
    directory.force(file);
  }

  @Override
  public void close() throws IOException {
    end();
    file.close();
  }

  private void end() throws IOException {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        compressor.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The compressor's way into the file. Closing it does not close the file, which has to be forced
  /// first.
  private static final class FileOutput extends OutputStream {

    private final OpenFile file;
    private long at;

    FileOutput(OpenFile file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      file.write(ByteBuffer.wrap(bytes, offset, length), at);
      at += length;
    }
  }
}
