package org.walstream.receive.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// An archive as a server makes it.
final class CraftedTar {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  CraftedTar file(String name, byte[] content) {
    header(name, '0', "%011o".formatted(content.length).getBytes(US_ASCII), "");
    out.writeBytes(content);
    out.writeBytes(new byte[-content.length & 511]);
    return this;
  }

  CraftedTar directory(String name) {
    header(name, '5', "00000000000".getBytes(US_ASCII), "");
    return this;
  }

  CraftedTar link(String name, String target) {
    header(name, '2', "00000000000".getBytes(US_ASCII), target);
    return this;
  }

  /// Only a header, of a file larger than its digits can tell.
  CraftedTar large(String name, long size) {
    byte[] field = new byte[12];
    field[0] = (byte) 0x80;
    ByteBuffer.wrap(field).putLong(4, size);
    header(name, '0', field, "");
    return this;
  }

  CraftedTar other(String name, char type) {
    header(name, type, "00000000000".getBytes(US_ASCII), "");
    return this;
  }

  private void header(String name, char type, byte[] size, String target) {
    byte[] header = new byte[512];
    put(header, 0, name.getBytes(US_ASCII));
    put(header, 100, "0000600".getBytes(US_ASCII));
    put(header, 124, size);
    put(header, 148, "        ".getBytes(US_ASCII));
    header[156] = (byte) type;
    put(header, 157, target.getBytes(US_ASCII));
    put(header, 257, "ustar".getBytes(US_ASCII));
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o ".formatted(sum).getBytes(US_ASCII));
    out.writeBytes(header);
  }

  private static void put(byte[] header, int at, byte[] bytes) {
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
