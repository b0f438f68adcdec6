package org.walstream.wire.tls;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// As much of ASN.1's DER as keys and names are made of.
///
/// ```
/// tag (1)  length (1; or 0x80 + n, and n bytes)  content: bytes, or values one after another
/// ```
///
/// Source: ITU-T X.690.
final class Der {

  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  /// `[0]`, constructed.
  static final int CONTEXT_0 = 0xa0;

  private Der() {}

  /// One value as it was read.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Value(int tag, byte[] content) {

    /// The values that this one is made of.
    List<Value> parts() throws PemException {
      return values(content);
    }

    byte[] encoded() {
      return Der.encode(tag, content);
    }
  }

  /// The one value that `bytes` hold.
  static Value value(byte[] bytes) throws PemException {
    List<Value> values = values(bytes);
    if (values.size() != 1) {
      throw malformed();
    }
    return values.getFirst();
  }

  /// Values one after another.
  static List<Value> values(byte[] bytes) throws PemException {
    var values = new ArrayList<Value>();
    int at = 0;
    while (at < bytes.length) {
      if (bytes.length - at < 2) {
        throw malformed();
      }
      int tag = bytes[at] & 0xff;
      int length = bytes[at + 1] & 0xff;
      at += 2;
      if (length >= 0x80) {
        int count = length & 0x7f;
        if (count == 0 || count > 3 || bytes.length - at < count) {
          throw malformed(); // nothing that is read here is longer than 16 MB
        }
        length = 0;
        for (int i = 0; i < count; i++) {
          length = (length << 8) | (bytes[at++] & 0xff);
        }
      }
      if (length > bytes.length - at) {
        throw malformed();
      }
      values.add(new Value(tag, Arrays.copyOfRange(bytes, at, at + length)));
      at += length;
    }
    return values;
  }

  static byte[] encode(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    var out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int count = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
      out.write(0x80 | count);
      for (int i = count - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static PemException malformed() {
    return new PemException("bad object header");
  }
}
