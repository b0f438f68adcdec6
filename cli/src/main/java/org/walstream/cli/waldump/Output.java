package org.walstream.cli.waldump;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.walstream.wal.rmgrdesc.RecordText;

/// Standard output, in writes of a good size. One thread at a time.
final class Output {

  /// A FileOutputStream copies what it writes into memory that it fetches for the call; up to this
  /// size the allocator has it at hand.
  private static final int WRITE_BYTES = 64 << 10;

  private final OutputStream out;

  Output(OutputStream out) {
    this.out = out;
  }

  void write(RecordText text) throws IOException {
    write(text.array(), text.length());
  }

  void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, bytes.length);
  }

  private void write(byte[] bytes, int length) throws IOException {
    try {
      for (int at = 0; at < length; at += WRITE_BYTES) {
        out.write(bytes, at, Math.min(WRITE_BYTES, length - at));
      }
    } catch (IOException e) {
      if ("Broken pipe".equals(e.getMessage())) {
        throw new OutputClosedException(e);
      }
      throw new WaldumpFailure("could not write to standard output: " + e.getMessage());
    }
  }
}
