package org.walstream.testkit.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Writes ASN.1's DER.
final class Der {

  private static final int SEQUENCE = 0x30;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int FIRST_GENERALIZED_YEAR = 2050;

  private Der() {}

  static byte[] encode(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int count = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
      out.write(0x80 | count);
      for (int i = count - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return encode(SEQUENCE, parts);
  }

  static byte[] integer(BigInteger value) {
    return encode(0x02, value.toByteArray());
  }

  static byte[] integer(long value) {
    return integer(BigInteger.valueOf(value));
  }

  static byte[] octets(byte[] content) {
    return encode(0x04, content);
  }

  /// A whole number of bytes.
  static byte[] bits(byte[] content) {
    return encode(0x03, new byte[1], content);
  }

  static byte[] oid(String dotted) {
    var out = new ByteArrayOutputStream();
    String[] numbers = dotted.split("\\.", -1);
    out.write(40 * Integer.parseInt(numbers[0]) + Integer.parseInt(numbers[1]));
    for (int i = 2; i < numbers.length; i++) {
      long number = Long.parseLong(numbers[i]);
      for (int shift = 28; shift > 0; shift -= 7) {
        if ((number >> shift) != 0) {
          out.write((int) (((number >> shift) & 0x7f) | 0x80));
        }
      }
      out.write((int) (number & 0x7f));
    }
    return encode(0x06, out.toByteArray());
  }

  /// Two digits of the year until 2049, as X.509 wants it.
  static byte[] time(Instant when) {
    String text = TIME.format(when);
    boolean generalized = when.atZone(ZoneOffset.UTC).getYear() >= FIRST_GENERALIZED_YEAR;
    return encode(
        generalized ? 0x18 : 0x17,
        (generalized ? text : text.substring(2)).getBytes(StandardCharsets.US_ASCII));
  }
}
