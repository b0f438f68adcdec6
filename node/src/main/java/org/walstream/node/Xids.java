package org.walstream.node;

/// Transaction ids with their epochs, as 64-bit numbers that never wrap: PostgreSQL's
/// FullTransactionId. 0 is none.
final class Xids {

  private static final int XID_BITS = 32;

  private Xids() {}

  static int xid(long full) {
    return (int) full;
  }

  static int epoch(long full) {
    return (int) (full >>> XID_BITS);
  }

  /// The older of two; none is no restriction.
  static long older(long one, long other) {
    if (one == 0 || other == 0) {
      return one | other;
    }
    return Math.min(one, other);
  }
}
