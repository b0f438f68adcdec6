package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What went wrong, as a server tells it. Fields that are empty are not sent.
///
/// @param severity in English: `ERROR`, `FATAL`, `NOTICE`
/// @param sqlState five characters that programs go by
/// @param position where in the query string, in characters from 1 on; 0 when it is not known
public record Diagnostic(
    String severity, String sqlState, String message, String detail, String hint, int position) {

  public Diagnostic(String severity, String sqlState, String message, String detail, String hint) {
    this(severity, sqlState, message, detail, hint, 0);
  }

  public Diagnostic(String severity, String sqlState, String message) {
    this(severity, sqlState, message, "", "", 0);
  }

  static Diagnostic decode(ByteBuffer body) throws ProtocolViolation {
    String severity = "";
    String localizedSeverity = "";
    String sqlState = "";
    String message = "";
    String detail = "";
    String hint = "";
    String position = "";
    for (byte code = Body.int8(body); code != 0; code = Body.int8(body)) {
      String value = Body.text(body);
      switch (code) {
        case 'S' -> localizedSeverity = value;
        case 'V' -> severity = value;
        case 'C' -> sqlState = value;
        case 'M' -> message = value;
        case 'D' -> detail = value;
        case 'H' -> hint = value;
        case 'P' -> position = value;
        default -> {} // where in the server's source, and others that only tools want
      }
    }
    return new Diagnostic(
        severity.isEmpty() ? localizedSeverity : severity,
        sqlState,
        message,
        detail,
        hint,
        number(position));
  }

  private static int number(String digits) {
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }

  private String positionText() {
    return position > 0 ? Integer.toString(position) : "";
  }

  int length() {
    return fieldLength(severity) * 2
        + fieldLength(sqlState)
        + fieldLength(message)
        + fieldLength(detail)
        + fieldLength(hint)
        + fieldLength(positionText())
        + 1;
  }

  void encode(ByteBuffer out) {
    putField(out, 'S', severity);
    putField(out, 'V', severity);
    putField(out, 'C', sqlState);
    putField(out, 'M', message);
    putField(out, 'D', detail);
    putField(out, 'H', hint);
    putField(out, 'P', positionText());
    out.put((byte) 0);
  }

  private static int fieldLength(String value) {
    return value.isEmpty() ? 0 : 1 + Body.textLength(value);
  }

  private static void putField(ByteBuffer out, char code, String value) {
    if (!value.isEmpty()) {
      out.put((byte) code);
      Body.putText(out, value);
    }
  }
}
