package org.walstream.redo.buffer;

/// A page's key in a pool: the number of its fork ([ForkTable]) above, its block's below. In the
/// order of their keys, pages of a fork stand as they do on disk.
final class PageKey {

  private PageKey() {}

  static long of(int fork, int block) {
    return (long) fork << 32 | Integer.toUnsignedLong(block);
  }

  static int fork(long key) {
    return (int) (key >>> 32);
  }

  static int block(long key) {
    return (int) key;
  }
}
