package org.walstream.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// Any bytes as a [String], and back, without loss. PostgreSQL's passwords are bytes, and so are
/// the files, variables and messages that they come in; mostly they are UTF-8, but nothing asks for
/// that.
///
/// What is UTF-8 is decoded as such. Each other byte, from 0x80 on, becomes the lone surrogate
/// U+DC80 to U+DCFF with the same last two digits, which is part of no text: the way of PEP 383.
public final class ByteText {

  private static final int ESCAPE = 0xDC00;

  private ByteText() {}

  public static String of(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE | (in.get() & 0xff)));
      }
      result = decoder.reset().decode(in, out, true);
    }
    return out.flip().toString();
  }

  /// The bytes of which [#of] has made `text`; of any other text its UTF-8.
  public static byte[] bytes(String text) {
    var out = new ByteArrayOutputStream(text.length() + 8);
    int start = 0;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (c >= (ESCAPE | 0x80) && c <= (ESCAPE | 0xff)) {
        out.writeBytes(text.substring(start, i).getBytes(StandardCharsets.UTF_8));
        out.write(c);
        start = i + 1;
      }
      i += Character.charCount(c);
    }
    out.writeBytes(text.substring(start).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }
}
