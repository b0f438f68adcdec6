package org.walstream.wal;

import static java.lang.Long.compareUnsigned;

/// A position in the stream of write-ahead log: the number of bytes since the stream began,
/// unsigned. Every part of Walstream speaks of positions with this type or, where a value is made
/// per message or per record, with the bare `long` that it wraps; the static methods serve both.
///
/// Counterpart of XLogRecPtr, src/include/access/xlogdefs.h. Its text is two hexadecimal halves,
/// `16/B374D848`.
public record Lsn(long value) implements Comparable<Lsn> {

  /// No position. PostgreSQL's InvalidXLogRecPtr: no record ever starts at 0.
  public static final Lsn INVALID = new Lsn(0);

  /// @throws IllegalArgumentException naming `text`, if it is not two hexadecimal numbers of one to
  ///   eight digits with a slash between
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw invalid(text);
    }
    return new Lsn(half(text, 0, slash) << 32 | half(text, slash + 1, text.length()));
  }

  /// The text of a bare position, as PostgreSQL 15 to 18 print it: no leading zeros.
  public static String format(long lsn) {
    return Integer.toHexString((int) (lsn >>> 32)).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Integer.toHexString((int) lsn).toUpperCase(java.util.Locale.ROOT);
  }

  /// True when `lsn` stands before `other`.
  public static boolean isBefore(long lsn, long other) {
    return compareUnsigned(lsn, other) < 0;
  }

  /// True when `lsn` stands after `other`.
  public static boolean isAfter(long lsn, long other) {
    return compareUnsigned(lsn, other) > 0;
  }

  public static long max(long lsn, long other) {
    return isAfter(lsn, other) ? lsn : other;
  }

  public static long min(long lsn, long other) {
    return isBefore(lsn, other) ? lsn : other;
  }

  public boolean isValid() {
    return value != 0;
  }

  public boolean isBefore(Lsn other) {
    return isBefore(value, other.value);
  }

  public boolean isAfter(Lsn other) {
    return isAfter(value, other.value);
  }

  public Lsn plus(long bytes) {
    return new Lsn(value + bytes);
  }

  @Override
  public int compareTo(Lsn other) {
    return compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return format(value);
  }

  private static long half(String text, int from, int to) {
    if (to - from < 1 || to - from > 8) {
      throw invalid(text);
    }
    long half = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw invalid(text);
      }
      half = half << 4 | digit;
    }
    return half;
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("invalid input syntax for type pg_lsn: \"" + text + "\"");
  }
}
