package org.walstream.redo.rmgr;

/// How a hash index grows: by split points, each of which allocates buckets in one go. The first
/// ten double their number; later ones take four steps to double it.
///
/// ```
/// split point  0  1  2  3 …    9   10   11   12    13    14 …
/// buckets      1  2  4  8 …  512  640  768  896  1024  1280 …
/// ```
///
/// Counterpart of _hash_spareindex() and _hash_get_totalbuckets(),
/// src/backend/access/hash/hashutil.c.
final class HashBuckets {

  private static final int DOUBLINGS = 10;
  private static final int STEPS_SHIFT = 2;
  private static final int STEPS = 1 << STEPS_SHIFT;

  private static final int MIN = 2;
  private static final int MAX = 0x40000000;

  private HashBuckets() {}

  /// The buckets that an index for so many tuples begins with.
  static int initial(double tuples, int ffactor) {
    double wanted = tuples / ffactor;
    if (wanted <= MIN) {
      return MIN;
    }
    return wanted >= MAX ? MAX : total(splitpoint((int) wanted));
  }

  /// The split point at which there are so many buckets or more.
  static int splitpoint(int buckets) {
    int doublings = buckets < MIN ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(buckets - 1);
    if (doublings < DOUBLINGS) {
      return doublings;
    }
    int step = ((buckets - 1) >>> (doublings - STEPS_SHIFT - 1)) & (STEPS - 1);
    return DOUBLINGS + (doublings - DOUBLINGS) * STEPS + step;
  }

  /// The buckets there are when a split point has allocated its own.
  static int total(int splitpoint) {
    if (splitpoint < DOUBLINGS) {
      return 1 << splitpoint;
    }
    int before = 1 << (DOUBLINGS - 1 + (splitpoint - DOUBLINGS) / STEPS);
    int steps = (splitpoint - DOUBLINGS) % STEPS + 1;
    return before + before / STEPS * steps;
  }
}
