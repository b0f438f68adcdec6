package org.walstream.cli.waldump;

import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.RecordFields;
import org.walstream.wal.rmgrdesc.RecordText;

/// A JSON object under construction, field after field, objects within objects. One thread.
final class JsonFields implements RecordFields {

  private static final String[] ESCAPES = escapes();

  private RecordText out = JsonRecord.newText();

  /// True when the next thing is the first of its object or list.
  private boolean first;

  void begin(RecordText into) {
    out = into;
    beginObject();
  }

  void end() {
    out.add('}');
    first = false;
  }

  void object(String name, Consumer<RecordFields> fields) {
    name(name);
    beginObject();
    fields.accept(this);
    end();
  }

  void beginArray(String name) {
    name(name);
    out.add('[');
    first = true;
  }

  /// Begins an object within a list; [#end] ends it.
  void beginElement() {
    separate();
    beginObject();
  }

  void endArray() {
    out.add(']');
    first = false;
  }

  @Override
  public void number(String name, long value) {
    name(name).signed(value);
  }

  @Override
  public void unsigned(String name, long value) {
    name(name).u64(value);
  }

  /// A number that JSON does not have is text.
  @Override
  public void real(String name, double value) {
    if (Double.isFinite(value)) {
      name(name).add(Double.toString(value));
    } else {
      text(name, Double.toString(value));
    }
  }

  @Override
  public void flag(String name, boolean value) {
    name(name).add(value ? "true" : "false");
  }

  @Override
  public void text(String name, String value) {
    name(name);
    quoted(value);
  }

  @Override
  public void lsn(String name, long lsn) {
    name(name).add('"').lsn(lsn).add('"');
  }

  @Override
  public void timestamp(String name, long micros) {
    name(name).add('"').timestamp(micros).add('"');
  }

  @Override
  public void locator(String name, RelFileLocator locator) {
    name(name).add('"').locator(locator).add('"');
  }

  @Override
  public void numbers(String name, int count, IntToLongFunction value) {
    name(name).add('[');
    for (int i = 0; i < count; i++) {
      out.add(i == 0 ? "" : ", ").signed(value.applyAsLong(i));
    }
    endArray();
  }

  @Override
  public void list(String name, int count, Item item) {
    beginArray(name);
    for (int i = 0; i < count; i++) {
      beginElement();
      item.fields(i, this);
      end();
    }
    endArray();
  }

  private void beginObject() {
    out.add('{');
    first = true;
  }

  private RecordText name(String name) {
    separate();
    quoted(name);
    return out.add(": ");
  }

  private void separate() {
    if (!first) {
      out.add(", ");
    }
    first = false;
  }

  private void quoted(String text) {
    out.add('"');
    int clean = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ESCAPES.length && ESCAPES[c] != null) {
        out.utf8(text.substring(clean, i)).add(ESCAPES[c]);
        clean = i + 1;
      }
    }
    if (clean == 0) {
      out.utf8(text);
    } else {
      out.utf8(text.substring(clean));
    }
    out.add('"');
  }

  private static String[] escapes() {
    var escapes = new String['\\' + 1];
    for (int c = 0; c < ' '; c++) {
      escapes[c] = "\\u%04x".formatted(c);
    }
    escapes['"'] = "\\\"";
    escapes['\\'] = "\\\\";
    return escapes;
  }
}
