package org.walstream.send.server;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;

/// `numeric` in PostgreSQL's binary format:
///
/// ```
/// digits (2)  weight (2)  sign (2)  scale (2)  base-10000 digits (2 each)
/// ```
///
/// Source: numeric_send() and numeric_recv(), src/backend/utils/adt/numeric.c.
final class BinaryNumeric {

  private static final BigInteger BASE = BigInteger.valueOf(10_000);
  private static final int POSITIVE = 0;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int SCALE_MAX = 0x3FFF;

  private BinaryNumeric() {}

  /// Digits of base 10000, the first worth 10000^weight; the point lies between two of them.
  static byte[] of(String text) {
    if (text.equals("NaN")) {
      return ByteBuffer.allocate(8).putInt(0).putShort((short) NAN).putShort((short) 0).array();
    }
    var value = new BigDecimal(text);
    int scale = Math.max(value.scale(), 0);
    int fractionDigits = (scale + 3) / 4;
    BigInteger rest = value.abs().movePointRight(fractionDigits * 4).toBigInteger();
    var digits = new ArrayList<Short>();
    while (rest.signum() != 0) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      digits.add(parts[1].shortValue());
      rest = parts[0];
    }
    Collections.reverse(digits);
    int weight = digits.size() - fractionDigits - 1;
    while (!digits.isEmpty() && digits.getLast() == 0) {
      digits.removeLast();
    }
    var out = ByteBuffer.allocate(8 + digits.size() * Short.BYTES);
    out.putShort((short) digits.size()).putShort((short) (digits.isEmpty() ? 0 : weight));
    out.putShort((short) (value.signum() < 0 ? NEGATIVE : 0)).putShort((short) scale);
    digits.forEach(out::putShort);
    return out.array();
  }

  /// @throws IllegalArgumentException if it is no number, or an infinite one
  static String text(ByteBuffer in) {
    int count = Short.toUnsignedInt(in.getShort());
    int weight = in.getShort();
    int sign = Short.toUnsignedInt(in.getShort());
    int scale = Short.toUnsignedInt(in.getShort());
    if (sign == NAN && count == 0) {
      return "NaN";
    } else if ((sign != POSITIVE && sign != NEGATIVE) || scale > SCALE_MAX) {
      throw new IllegalArgumentException("no sign or scale of a number");
    }
    BigInteger digits = BigInteger.ZERO;
    for (int i = 0; i < count; i++) {
      int digit = in.getShort();
      if (digit < 0 || digit >= BASE.intValue()) {
        throw new IllegalArgumentException("no digit: " + digit);
      }
      digits = digits.multiply(BASE).add(BigInteger.valueOf(digit));
    }
    var number =
        new BigDecimal(digits)
            .movePointRight((weight - count + 1) * 4)
            .setScale(scale, RoundingMode.DOWN);
    return (sign == NEGATIVE ? number.negate() : number).toPlainString();
  }
}
