package org.walstream.send;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A client that says what it is told to and writes down what it hears, a line a message: for
/// comparing two servers word by word.
final class RawClient implements AutoCloseable {

  private static final int PROTOCOL_3_0 = 3 << 16;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private boolean ended;
  private boolean begun;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /// Sends a start-up packet and hears up to ReadyForQuery, or the end.
  List<String> startup(Map<String, String> parameters) throws IOException {
    var text = new StringBuilder();
    parameters.forEach((name, value) -> text.append(name).append('\0').append(value).append('\0'));
    byte[] body = text.append('\0').toString().getBytes(StandardCharsets.UTF_8);
    out.writeInt(8 + body.length);
    out.writeInt(PROTOCOL_3_0);
    out.write(body);
    List<String> heard = hear();
    begun = true;
    return heard;
  }

  /// Sends a query and hears its answer; nothing when the connection has ended.
  List<String> query(String sql) throws IOException {
    if (ended) {
      return List.of();
    }
    say(sql);
    return hear();
  }

  /// Sends a query, and hears nothing yet.
  void say(String sql) throws IOException {
    byte[] body = (sql + "\0").getBytes(StandardCharsets.UTF_8);
    out.writeByte('Q');
    out.writeInt(4 + body.length);
    out.write(body);
  }

  /// Waits for a notification without asking for anything: its payload.
  String notification() throws IOException {
    int tag = in.read();
    var body = ByteBuffer.wrap(in.readNBytes(in.readInt() - 4));
    if (tag != 'A') {
      throw new IOException("not a notification: " + (char) tag);
    }
    return payload(body);
  }

  private static String payload(ByteBuffer body) {
    body.getInt();
    return text(body) + ": " + text(body);
  }

  List<String> hear() throws IOException {
    var heard = new ArrayList<String>();
    while (true) {
      int tag = in.read();
      if (tag < 0) {
        ended = true;
        return heard;
      }
      var body = ByteBuffer.wrap(in.readNBytes(in.readInt() - 4));
      switch (tag) {
        case 'Z' -> {
          return heard;
        }
        case 'E', 'N' -> heard.add(diagnostic(body));
        case 'D' -> heard.add(row(body));
        case 'A' -> heard.add(payload(body));
        case 'S' -> {
          if (begun) { // what is said at first depends on who says it
            heard.add(text(body) + "=" + text(body));
          }
        }
        case 'C' -> heard.add(text(body));
        default -> {}
      }
    }
  }

  private static String diagnostic(ByteBuffer body) {
    var fields = new LinkedHashMap<Character, String>();
    for (char code = (char) body.get(); code != 0; code = (char) body.get()) {
      fields.put(code, text(body));
    }
    return "%s %s: %s (%s) (%s)"
        .formatted(
            fields.get('V'),
            fields.get('C'),
            fields.get('M'),
            fields.getOrDefault('D', ""),
            fields.getOrDefault('H', ""));
  }

  private static String row(ByteBuffer body) {
    var row = new ArrayList<String>();
    for (int columns = body.getShort(); columns > 0; columns--) {
      int length = body.getInt();
      byte[] value = new byte[Math.max(0, length)];
      body.get(value);
      row.add(length < 0 ? "NULL" : new String(value, StandardCharsets.UTF_8));
    }
    return row.toString();
  }

  private static String text(ByteBuffer body) {
    var text = new ByteArrayOutputStream();
    for (byte b = body.get(); b != 0; b = body.get()) {
      text.write(b);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
