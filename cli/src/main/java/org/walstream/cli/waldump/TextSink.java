package org.walstream.cli.waldump;

import java.io.IOException;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgrdesc.RecordText;

/// Prints each record: its bytes are laid into one buffer, which goes out in large writes.
final class TextSink implements RecordSink {

  /// How a record is printed.
  @FunctionalInterface
  interface Printer {
    void print(DecodedXLogRecord record, RecordText out);
  }

  private static final int FULL_BYTES = 4 << 20;

  private final Printer printer;
  private final RecordText text;
  private final Output out;

  TextSink(Printer printer, RecordText text, Output out) {
    this.printer = printer;
    this.text = text;
    this.out = out;
  }

  @Override
  public void accept(DecodedXLogRecord record) {
    printer.print(record, text);
  }

  @Override
  public boolean isFull() {
    return text.length() >= FULL_BYTES;
  }

  @Override
  public void emit() throws IOException {
    out.write(text);
    text.clear();
  }

  @Override
  public void discard() {
    text.clear();
  }
}
