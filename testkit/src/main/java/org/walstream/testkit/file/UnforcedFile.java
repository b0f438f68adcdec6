package org.walstream.testkit.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.walstream.file.OpenFile;

/// What of a file would not survive a loss of power: of each block that has been written since the
/// file was forced, what it held then, and how long the file was.
///
/// The file itself is what the kernel has in memory. Any thread.
final class UnforcedFile {

  private static final int BLOCK_BYTES = 4096;

  /// What is behind the end of a file.
  private static final byte[] ZEROS = new byte[BLOCK_BYTES];

  private final Map<Long, byte[]> before = new TreeMap<>();
  private long forcedSize;

  UnforcedFile(long forcedSize) {
    this.forcedSize = forcedSize;
  }

  synchronized void write(OpenFile file, ByteBuffer bytes, long offset) throws IOException {
    keep(file, offset, offset + bytes.remaining());
    file.write(bytes, offset);
  }

  synchronized void truncate(OpenFile file, long size) throws IOException {
    keep(file, size, forcedSize);
    file.truncate(size);
  }

  synchronized void force(OpenFile file) throws IOException {
    before.clear();
    forcedSize = file.size();
  }

  private void keep(OpenFile file, long from, long end) throws IOException {
    for (long block = from / BLOCK_BYTES; block * BLOCK_BYTES < end; block++) {
      if (!before.containsKey(block)) {
        before.put(block, block * BLOCK_BYTES < forcedSize ? read(file, block) : ZEROS);
      }
    }
  }

  private static byte[] read(OpenFile file, long block) throws IOException {
    var bytes = ByteBuffer.allocate(BLOCK_BYTES);
    while (bytes.hasRemaining() && file.read(bytes, block * BLOCK_BYTES + bytes.position()) > 0) {
      // until all of it is there, or the file ends
    }
    return bytes.array();
  }

  /// Makes the file at `path` what is left of it: of the blocks written, pieces of `pieceBytes` are
  /// there or not; of a change of size, too.
  synchronized void lose(Path path, RandomGenerator random, int pieceBytes) throws IOException {
    try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = file.size();
      long left = random.nextBoolean() ? size : forcedSize;
      if (random.nextBoolean() && size > forcedSize) {
        left = Math.min(size, random.nextLong(forcedSize, size) / pieceBytes * pieceBytes);
        left = Math.max(left, forcedSize);
      }
      // One in four arrives as a whole, one not at all.
      int kept = new int[] {0, 50, 50, 100}[random.nextInt(4)];
      long seed = random.nextLong();
      for (var block : before.entrySet()) {
        long start = block.getKey() * BLOCK_BYTES;
        int step = Math.min(BLOCK_BYTES, pieceBytes);
        for (int at = 0; at < BLOCK_BYTES; at += step) {
          boolean isLost = !arrives(seed, (start + at) / pieceBytes, kept);
          long from = isLost ? start + at : Math.max(start + at, size);
          int length = (int) (Math.min(start + at + step, left) - from);
          if (length > 0) {
            write(file, ByteBuffer.wrap(block.getValue(), (int) (from - start), length), from);
          }
        }
      }
      if (file.size() > left) {
        file.truncate(left);
      } else if (file.size() < left) {
        write(file, ByteBuffer.allocate(1), left - 1);
      }
    }
    before.clear();
    forcedSize = 0;
  }

  private static boolean arrives(long seed, long piece, int percent) {
    long mixed = (seed ^ piece) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
    return Long.remainderUnsigned(mixed >>> 17, 100) < percent;
  }

  private static void write(FileChannel file, ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  synchronized boolean isForced(long size) {
    return before.isEmpty() && size == forcedSize;
  }
}
