package org.walstream.cli.waldump;

import java.util.OptionalLong;

/// Numbers as sscanf(3) reads them, which is how pg_waldump takes its values: blanks and a sign
/// before, whatever behind is ignored, digits that do not fit lost.
final class ScanF {

  private final String text;
  private int at;

  private ScanF(String text) {
    this.text = text;
  }

  /// `%u`, and by its low 32 bits `%d`.
  static OptionalLong unsigned(String text) {
    return new ScanF(text).number(10, Integer.MAX_VALUE);
  }

  /// `%X/%X` as an LSN.
  static OptionalLong lsn(String text) {
    var scan = new ScanF(text);
    OptionalLong high = scan.number(16, Integer.MAX_VALUE);
    OptionalLong low =
        high.isPresent() && scan.skip('/')
            ? scan.number(16, Integer.MAX_VALUE)
            : OptionalLong.empty();
    return low.isPresent()
        ? OptionalLong.of(high.getAsLong() << 32 | low.getAsLong())
        : OptionalLong.empty();
  }

  /// `PREFIX%0nd`.
  static OptionalLong after(String prefix, String text, int digits) {
    if (!text.startsWith(prefix)) {
      return OptionalLong.empty();
    }
    return new ScanF(text.substring(prefix.length())).number(10, digits);
  }

  /// `%u/%u/%u`, or nothing.
  static int[] triple(String text) {
    var scan = new ScanF(text);
    int[] numbers = new int[3];
    for (int i = 0; i < numbers.length; i++) {
      OptionalLong number =
          i == 0 || scan.skip('/') ? scan.number(10, Integer.MAX_VALUE) : OptionalLong.empty();
      if (number.isEmpty()) {
        return new int[0];
      }
      numbers[i] = (int) number.getAsLong();
    }
    return numbers;
  }

  private OptionalLong number(int radix, int width) {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    int end = (int) Math.min(text.length(), (long) at + width);
    boolean negative = at < end && text.charAt(at) == '-';
    if (negative || (at < end && text.charAt(at) == '+')) {
      at++;
    }
    if (radix == 16 && text.regionMatches(true, at, "0x", 0, 2)) {
      at += 2;
    }
    int start = at;
    long value = 0;
    for (; at < end; at++) {
      int digit = text.charAt(at) < 128 ? Character.digit(text.charAt(at), radix) : -1;
      if (digit < 0) {
        break;
      }
      value = value * radix + digit;
    }
    return at == start
        ? OptionalLong.empty()
        : OptionalLong.of((negative ? -value : value) & 0xFFFF_FFFFL);
  }

  private boolean skip(char wanted) {
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }
}
