package org.walstream.node.simulation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// What is in a file, and what of it is on the disk: pages, which the two share until one of them
/// is written to.
final class SimulatedContent {

  private static final int PAGE_BYTES = 4_096;

  /// What a disk writes at once.
  private static final int SECTOR_BYTES = 512;

  /// What has never been written to.
  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private byte[][] pages = {};
  private int size;

  /// Which pages nobody else has.
  private final BitSet own = new BitSet();

  private byte[][] forcedPages = {};
  private int forcedSize;

  /// Which force that is of all those begun: of two at once the later one stays.
  private long forced;

  private long forces;

  int size() {
    return size;
  }

  void read(ByteBuffer to, int offset, int length) {
    for (int at = offset; at < offset + length; ) {
      int inPage = at % PAGE_BYTES;
      int piece = Math.min(PAGE_BYTES - inPage, offset + length - at);
      to.put(pages[at / PAGE_BYTES], inPage, piece);
      at += piece;
    }
  }

  void write(ByteBuffer from, int offset) {
    resize(Math.max(offset + from.remaining(), size));
    for (int at = offset; from.hasRemaining(); ) {
      int inPage = at % PAGE_BYTES;
      int piece = Math.min(PAGE_BYTES - inPage, from.remaining());
      int page = at / PAGE_BYTES;
      if (own.get(page) || !isThere(from, piece, pages[page], inPage)) {
        from.get(pageToWrite(page), inPage, piece);
      } else {
        from.position(from.position() + piece); // zeros over zeros, most often
      }
      at += piece;
    }
  }

  void resize(int newSize) {
    if (newSize == size) {
      return;
    }
    int count = Math.ceilDiv(newSize, PAGE_BYTES);
    int before = pages.length;
    if (count != before) {
      pages = Arrays.copyOf(pages, count);
      if (count > before) {
        Arrays.fill(pages, before, count, ZEROS);
      } else {
        own.clear(count, before);
      }
    }
    if (newSize < size && newSize % PAGE_BYTES != 0) {
      Arrays.fill(pageToWrite(count - 1), newSize % PAGE_BYTES, PAGE_BYTES, (byte) 0);
    }
    size = newSize;
  }

  private static boolean isThere(ByteBuffer bytes, int length, byte[] page, int offset) {
    return bytes.slice(bytes.position(), length).equals(ByteBuffer.wrap(page, offset, length));
  }

  private byte[] pageToWrite(int number) {
    if (!own.get(number)) {
      pages[number] = pages[number].clone();
      own.set(number);
    }
    return pages[number];
  }

  /// What is written while this is under way need not be on the disk afterwards.
  void force(Runnable work) {
    own.clear();
    byte[][] covered = pages.clone();
    int coveredSize = size;
    long number = ++forces;
    work.run();
    if (number > forced) {
      forced = number;
      forcedPages = covered;
      forcedSize = coveredSize;
    }
  }

  /// Some of what was not forced has come to the disk: nothing, everything, or any sectors.
  void losePower(RandomGenerator random) {
    var left = new SimulatedContent();
    left.pages = forcedPages.clone();
    left.size = forcedSize;
    left.resize(random.nextBoolean() ? size : forcedSize);
    int mode = random.nextInt(3);
    for (int number = 0; mode > 0 && number < Math.min(left.pages.length, pages.length); number++) {
      if (!Arrays.equals(left.pages[number], pages[number])) {
        left.takeSectors(pages[number], number, () -> mode == 1 || random.nextBoolean());
      }
    }
    pages = left.pages;
    size = left.size;
    force(() -> {});
  }

  private void takeSectors(byte[] page, int number, BooleanSupplier taken) {
    int end = Math.min(PAGE_BYTES, size - number * PAGE_BYTES);
    for (int at = 0; at < end; at += SECTOR_BYTES) {
      if (taken.getAsBoolean()) {
        System.arraycopy(page, at, pageToWrite(number), at, Math.min(SECTOR_BYTES, end - at));
      }
    }
  }
}
