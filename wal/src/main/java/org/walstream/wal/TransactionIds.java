package org.walstream.wal;

/// Transaction identifiers: 32 bits that go round, without the first three, which are special and
/// older than all others.
///
/// Counterpart of src/include/access/transam.h.
public final class TransactionIds {

  /// InvalidTransactionId
  public static final int INVALID = 0;

  /// FirstNormalTransactionId
  public static final int FIRST_NORMAL = 3;

  private TransactionIds() {}

  /// Whether it is one that a transaction can have (TransactionIdIsNormal).
  public static boolean isNormal(int xid) {
    return Integer.compareUnsigned(xid, FIRST_NORMAL) >= 0;
  }

  /// True when `a` is the older: normal ones are compared modulo 2³².
  ///
  /// Counterpart of TransactionIdPrecedes(), src/backend/access/transam/transam.c.
  public static boolean precedes(int a, int b) {
    boolean goRound = isNormal(a) && isNormal(b);
    return goRound ? (a - b < 0) : (Integer.compareUnsigned(a, b) < 0);
  }

  /// The one after it.
  public static int next(int xid) {
    int next = xid + 1;
    return isNormal(next) ? next : FIRST_NORMAL;
  }
}
