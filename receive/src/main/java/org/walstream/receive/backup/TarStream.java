package org.walstream.receive.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Takes a tar archive apart that comes in pieces of any size, as a server makes it: files,
/// directories and symbolic links, names of at most a hundred bytes.
///
/// ```
/// header block, 512 bytes                    then the content, filled up to whole blocks
/// offset  bytes  field
///      0    100  name
///    124     12  size: octal, or behind a byte 0x80 binary
///    148      8  sum of the header's bytes, with spaces in its own place; octal
///    156      1  type: '0' or NUL file, '2' symbolic link, '5' directory
///    157    100  link's target
/// ```
///
/// Counterpart of tarCreateHeader(), src/port/tar.c.
final class TarStream {

  /// What is found in the archive, in its order.
  interface Entries {

    void directory(String name) throws IOException;

    void symbolicLink(String name, String target) throws IOException;

    /// A file begins; its content comes to [#data], and ends with [#endFile].
    void file(String name, long size) throws IOException;

    /// Consumes `bytes`.
    void data(ByteBuffer bytes) throws IOException;

    void endFile() throws IOException;
  }

  private static final int BLOCK = 512;
  private static final int NAME_LENGTH = 100;
  private static final int SIZE = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int SUM = 148;
  private static final int SUM_LENGTH = 8;
  private static final int TYPE = 156;
  private static final int TARGET = 157;

  private final Entries entries;
  private final byte[] header = new byte[BLOCK];
  private int headerLength;
  private boolean inFile;
  private long left;
  private int padding;

  TarStream(Entries entries) {
    this.entries = entries;
  }

  /// Consumes the next piece.
  ///
  /// @throws IOException when this is no archive of a server's, or from `entries`
  void feed(ByteBuffer piece) throws IOException {
    while (piece.hasRemaining()) {
      if (inFile) {
        content(piece);
      } else if (padding > 0) {
        int skipped = Math.min(padding, piece.remaining());
        piece.position(piece.position() + skipped);
        padding -= skipped;
      } else {
        header(piece);
      }
    }
  }

  /// The archive ends here.
  ///
  /// @throws IOException when it may not
  void end() throws IOException {
    if (inFile || padding > 0 || headerLength > 0) {
      throw new IOException("archive of the base backup ends within a file");
    }
  }

  private void content(ByteBuffer piece) throws IOException {
    int limit = piece.limit();
    int length = (int) Math.min(left, piece.remaining());
    piece.limit(piece.position() + length);
    entries.data(piece);
    piece.limit(limit);
    left -= length;
    endFileIfDone();
  }

  private void endFileIfDone() throws IOException {
    if (left == 0) {
      inFile = false;
      entries.endFile();
    }
  }

  private void header(ByteBuffer piece) throws IOException {
    int length = Math.min(BLOCK - headerLength, piece.remaining());
    piece.get(header, headerLength, length);
    headerLength += length;
    if (headerLength == BLOCK) {
      headerLength = 0;
      if (header[0] != 0) { // else the end of the archive, or its filling
        entry();
      }
    }
  }

  private void entry() throws IOException {
    requireSum();
    String name = text(0, NAME_LENGTH);
    switch (header[TYPE]) {
      case '0', 0 -> {
        left = number(SIZE, SIZE_LENGTH);
        padding = (int) (-left & (BLOCK - 1));
        inFile = true;
        entries.file(name, left);
        endFileIfDone();
      }
      case '2' -> entries.symbolicLink(name, text(TARGET, NAME_LENGTH));
      case '5' -> entries.directory(name);
      default ->
          throw new IOException(
              "unexpected type '%c' of \"%s\" in an archive of the base backup"
                  .formatted((char) header[TYPE], name));
    }
  }

  private void requireSum() throws IOException {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= SUM && i < SUM + SUM_LENGTH ? ' ' : header[i] & 0xff;
    }
    if (sum != number(SUM, SUM_LENGTH)) {
      throw new IOException("wrong checksum of a header in an archive of the base backup");
    }
  }

  private long number(int offset, int length) throws IOException {
    if ((header[offset] & 0x80) != 0) {
      return ByteBuffer.wrap(header).getLong(offset + length - Long.BYTES);
    }
    String digits = text(offset, length).strip();
    try {
      return Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException(
          "invalid number \"%s\" in an archive of the base backup".formatted(digits), e);
    }
  }

  private String text(int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }
}
