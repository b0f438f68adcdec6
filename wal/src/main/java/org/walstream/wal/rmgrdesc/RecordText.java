package org.walstream.wal.rmgrdesc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.record.RelFileLocator;

/// Text under construction, as bytes: millions of lines are made with it without a `String` for
/// each. Grows as needed; used again after [#clear]. Not thread-safe.
public final class RecordText {

  private static final byte[] LOWER_DIGITS =
      "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] UPPER_DIGITS =
      "0123456789ABCDEF".getBytes(StandardCharsets.ISO_8859_1);

  private static final int BILLION = 1_000_000_000;

  private final TimestampText timestamps;
  private byte[] bytes = new byte[512];
  private int length;

  /// @param timestamps how moments are written
  public RecordText(TimestampText timestamps) {
    this.timestamps = timestamps;
  }

  public int length() {
    return length;
  }

  /// The text's bytes, valid up to [#length] and until more is added.
  public byte[] array() {
    return bytes;
  }

  public RecordText clear() {
    length = 0;
    return this;
  }

  /// Takes back what was added after the text was `newLength` long.
  public RecordText truncate(int newLength) {
    length = newLength;
    return this;
  }

  /// A constant of ours: ASCII only.
  @SuppressWarnings("deprecation") // Exactly what is wanted of ASCII: the low bytes, uninspected.
  public RecordText add(String ascii) {
    reserve(ascii.length());
    ascii.getBytes(0, ascii.length(), bytes, length);
    length += ascii.length();
    return this;
  }

  public RecordText add(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  /// A name from outside, in UTF-8.
  public RecordText utf8(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
    return this;
  }

  /// Bytes of a record as they are.
  public RecordText bytes(RecordBytes from, int at, int count) {
    reserve(count);
    from.copy(at, bytes, length, count);
    length += count;
    return this;
  }

  /// The C string at `at`, as it is.
  public RecordText cString(RecordBytes from, int at) {
    return bytes(from, at, from.cStringLength(at));
  }

  /// `T` or `F`
  public RecordText flag(boolean value) {
    return add(value ? 'T' : 'F');
  }

  /// %u
  public RecordText u32(int value) {
    return decimal(Integer.toUnsignedLong(value));
  }

  /// %d, and %lld
  public RecordText signed(long value) {
    if (value >= 0) {
      return decimal(value);
    }
    return value == Long.MIN_VALUE ? add("-9223372036854775808") : add('-').decimal(-value);
  }

  /// %0nd of a number that is not negative and has no more than n digits.
  RecordText zeroPadded(int value, int digits) {
    return decimal(value, digits);
  }

  /// %llu
  public RecordText u64(long value) {
    return value >= 0 ? decimal(value) : add(Long.toUnsignedString(value));
  }

  /// %g
  public RecordText general(double value) {
    return add(GeneralFormat.format(value));
  }

  /// %u:%u, of a transaction with its epoch
  public RecordText fullXid(long fullXid) {
    return u32((int) (fullXid >>> 32)).add(':').u32((int) fullXid);
  }

  /// %x
  public RecordText hex(long value) {
    return hex(value, hexDigits(value), LOWER_DIGITS);
  }

  /// %X
  public RecordText upperHex(long value) {
    return hex(value, hexDigits(value), UPPER_DIGITS);
  }

  /// %0nX: at least `digits` digits.
  public RecordText upperHex(long value, int digits) {
    return hex(value, Math.max(digits, hexDigits(value)), UPPER_DIGITS);
  }

  /// %0nx
  public RecordText hex(long value, int digits) {
    return hex(value, Math.max(digits, hexDigits(value)), LOWER_DIGITS);
  }

  /// %X/%X
  public RecordText lsn(long lsn) {
    return upperHex(lsn >>> 32).add('/').upperHex(lsn & 0xFFFF_FFFFL);
  }

  /// %X/%08X
  public RecordText lsn08(long lsn) {
    return upperHex(lsn >>> 32).add('/').upperHex(lsn & 0xFFFF_FFFFL, 8);
  }

  /// spcOid/dbOid/relNumber
  public RecordText locator(RelFileLocator locator) {
    return u32(locator.spcOid()).add('/').u32(locator.dbOid()).add('/').u32(locator.relNumber());
  }

  /// The path of a fork's file below the data directory, such as `base/5/16384_fsm`.
  public RecordText path(WalFormat format, RelFileLocator locator, ForkNumber fork) {
    return add(locator.path(format, fork));
  }

  /// @param micros since 2000-01-01 UTC
  public RecordText timestamp(long micros) {
    timestamps.write(micros, this);
    return this;
  }

  /// Blanks until the text since `start` is `width` long: %-ns.
  public RecordText padRight(int start, int width) {
    while (length - start < width) {
      add(' ');
    }
    return this;
  }

  /// Moves the text since `start` to the right until it is `width` long: %ns.
  public RecordText padLeft(int start, int width) {
    int blanks = width - (length - start);
    if (blanks > 0) {
      reserve(blanks);
      System.arraycopy(bytes, start, bytes, start + blanks, length - start);
      Arrays.fill(bytes, start, start + blanks, (byte) ' ');
      length += blanks;
    }
    return this;
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private RecordText decimal(long value) {
    if (value <= Integer.MAX_VALUE) {
      return decimal((int) value, 1);
    }
    return decimal(value / BILLION).decimal((int) (value % BILLION), 9);
  }

  /// In ints: to divide a long is a call for the JVM's simple compiler.
  private RecordText decimal(int value, int digitsMin) {
    int digits = digitsMin;
    for (long bound = digitsMin == 1 ? 10 : BILLION; value >= bound; bound *= 10) {
      digits++;
    }
    reserve(digits);
    int rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      int tenth = rest / 10;
      bytes[at] = (byte) ('0' + rest - 10 * tenth);
      rest = tenth;
    }
    length += digits;
    return this;
  }

  private RecordText hex(long value, int digits, byte[] alphabet) {
    reserve(digits);
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      bytes[length++] = alphabet[(int) (value >>> shift) & 0xF];
    }
    return this;
  }

  private static int hexDigits(long value) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4);
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
