package org.walstream.wal.time;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.time.LeapSeconds.LeapSecond;

/// Takes a TZif file apart. All numbers are big-endian; a version is one byte, NUL, '2', '3' or
/// '4'.
///
/// ```
///   version 1:  header  data with times of 4 bytes
///   later:      header  data (4 bytes, passed over)  header  data (8 bytes)  \n rule \n
///
///   header   0 "TZif"   4 version   5 unused   20 isutcnt   24 isstdcnt   28 leapcnt
///           32 timecnt  36 typecnt  40 charcnt                                        44 bytes
///   data    timecnt   times              transitions
///           timecnt   u8                 type after each
///           typecnt   i32 u8 u8          offset, is daylight, place of its abbreviation
///           charcnt   char               abbreviations, each ends with NUL
///           leapcnt   time i32           leap second, total
///           isstdcnt  u8                 type changes by the standard clock
///           isutcnt   u8                 type changes in UTC
/// ```
///
/// The source is RFC 9636; glibc decides which damage makes a file useless.
final class TzifParser {

  private static final int MAGIC = 0x545A_6966; // "TZif"
  private static final int HEADER_LENGTH = 44;
  private static final int VERSION = 4;
  private static final int COUNTS = 20;
  private static final int TYPE_LENGTH = 6;
  private static final int TOTAL_LENGTH = 4;
  private static final int FOOTER_LENGTH_MIN = 2; // two line feeds

  /// The six numbers of a header.
  private record Counts(int universal, int standard, int leaps, int times, int types, int chars) {

    /// All are counts, and fit together.
    boolean areSound() {
      return (universal | standard | leaps | times | types | chars) >= 0
          && types > 0
          && standard <= types
          && universal <= types;
    }

    long dataLength(int timeLength) {
      return (timeLength + 1L) * times
          + (long) TYPE_LENGTH * types
          + chars
          + (timeLength + (long) TOTAL_LENGTH) * leaps
          + standard
          + universal;
    }
  }

  private final ByteBuffer bytes;

  TzifParser(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  @Nullable TzifFile parse() {
    boolean isVersion1 = bytes.limit() > VERSION && bytes.get(VERSION) == 0;
    Counts counts = header(Integer.BYTES);
    if (counts == null || isVersion1) {
      return counts == null ? null : data(counts, Integer.BYTES);
    }
    bytes.position(bytes.position() + (int) counts.dataLength(Integer.BYTES));
    counts = header(Long.BYTES);
    return counts == null ? null : data(counts, Long.BYTES);
  }

  /// Leaves the buffer where the data begins, all of which is there.
  private @Nullable Counts header(int timeLength) {
    int start = bytes.position();
    if (bytes.remaining() < HEADER_LENGTH || bytes.getInt(start) != MAGIC) {
      return null;
    }
    bytes.position(start + COUNTS);
    var counts =
        new Counts(
            bytes.getInt(),
            bytes.getInt(),
            bytes.getInt(),
            bytes.getInt(),
            bytes.getInt(),
            bytes.getInt());
    boolean isWhole = counts.areSound() && counts.dataLength(timeLength) <= bytes.remaining();
    return isWhole ? counts : null;
  }

  private @Nullable TzifFile data(Counts counts, int timeLength) {
    long[] transitions = new long[counts.times];
    for (int i = 0; i < transitions.length; i++) {
      transitions[i] = time(timeLength);
    }
    byte[] transitionTypes = new byte[counts.times];
    bytes.get(transitionTypes);
    for (byte type : transitionTypes) {
      if (Byte.toUnsignedInt(type) >= counts.types) {
        return null;
      }
    }
    TzifType[] types = types(counts, timeLength);
    if (types == null) {
      return null;
    }
    LeapSeconds leapSeconds = leapSeconds(counts.leaps, timeLength);
    bytes.position(bytes.position() + counts.standard + counts.universal);
    if (timeLength == Integer.BYTES) {
      return new TzifFile(transitions, transitionTypes, types, null, leapSeconds);
    }
    return bytes.remaining() < FOOTER_LENGTH_MIN
        ? null
        : new TzifFile(transitions, transitionTypes, types, footer(), leapSeconds);
  }

  /// Reads the types and passes over their abbreviations.
  private TzifType @Nullable [] types(Counts counts, int timeLength) {
    int abbreviations = bytes.position() + TYPE_LENGTH * counts.types;
    int standard = abbreviations + counts.chars + (timeLength + TOTAL_LENGTH) * counts.leaps;
    int universal = standard + counts.standard;
    var types = new TzifType[counts.types];
    for (int i = 0; i < types.length; i++) {
      int offset = bytes.getInt();
      int daylight = Byte.toUnsignedInt(bytes.get());
      int abbreviation = Byte.toUnsignedInt(bytes.get());
      if (daylight > 1 || abbreviation > counts.chars) {
        return null;
      }
      String name = cString(abbreviations + abbreviation, abbreviations + counts.chars);
      types[i] =
          new TzifType(
              new LocalTimeType(offset, daylight == 1, name),
              i < counts.standard && bytes.get(standard + i) != 0,
              i < counts.universal && bytes.get(universal + i) != 0);
    }
    bytes.position(abbreviations + counts.chars);
    return types;
  }

  private LeapSeconds leapSeconds(int count, int timeLength) {
    var leapSeconds = new ArrayList<LeapSecond>(count);
    for (int i = 0; i < count; i++) {
      leapSeconds.add(new LeapSecond(time(timeLength), bytes.getInt()));
    }
    return new LeapSeconds(List.copyOf(leapSeconds));
  }

  /// The rest of the file but for its last byte, which should be a line feed too.
  private @Nullable PosixTimeZone footer() {
    if (bytes.get() != '\n') {
      return null;
    }
    String rule = cString(bytes.position(), bytes.limit() - 1);
    return rule.isEmpty() ? null : PosixTimeZone.parse(rule);
  }

  private long time(int length) {
    return length == Long.BYTES ? bytes.getLong() : bytes.getInt();
  }

  private String cString(int start, int limit) {
    int end = start;
    while (end < limit && bytes.get(end) != 0) {
      end++;
    }
    return new String(bytes.array(), start, end - start, StandardCharsets.ISO_8859_1);
  }
}
