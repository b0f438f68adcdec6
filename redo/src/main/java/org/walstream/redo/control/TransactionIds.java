package org.walstream.redo.control;

/// Transaction identifiers: 32 bits that go round, without the first three, which are special and
/// older than all others.
///
/// Counterpart of src/include/access/transam.h.
final class TransactionIds {

  /// InvalidTransactionId
  static final int INVALID = 0;

  /// FirstNormalTransactionId
  static final int FIRST_NORMAL = 3;

  private TransactionIds() {}

  static boolean isNormal(int xid) {
    return Integer.compareUnsigned(xid, FIRST_NORMAL) >= 0;
  }

  /// TransactionIdPrecedes()
  static boolean precedes(int a, int b) {
    boolean goRound = isNormal(a) && isNormal(b);
    return goRound ? (a - b < 0) : (Integer.compareUnsigned(a, b) < 0);
  }

  /// The one after it.
  static int next(int xid) {
    int next = xid + 1;
    return isNormal(next) ? next : FIRST_NORMAL;
  }
}
