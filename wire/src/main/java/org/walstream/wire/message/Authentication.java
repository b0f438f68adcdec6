package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.walstream.wire.ProtocolViolation;

/// A step of authentication, asked for or answered by the server.
///
/// ```
/// 'R'  length  code (4)  what belongs to the code:
///        0  Ok                            nothing
///        3  CleartextPassword             nothing
///        5  MD5Password                   salt (4)
///       10  SASL                          names of mechanisms (strings), an empty one ends them
///       11  SASLContinue                  the mechanism's data, text in SCRAM, without a zero byte
///       12  SASLFinal                     the mechanism's data
/// ```
///
/// Any other code is [Unsupported]: the caller knows what to say about it.
public sealed interface Authentication extends BackendMessage {

  byte TAG = 'R';

  /// The client is who it says.
  record Ok() implements Authentication {}

  record CleartextPassword() implements Authentication {}

  record Md5Password(int salt) implements Authentication {}

  record Sasl(List<String> mechanisms) implements Authentication {
    public Sasl {
      mechanisms = List.copyOf(mechanisms);
    }
  }

  record SaslContinue(String data) implements Authentication {}

  record SaslFinal(String data) implements Authentication {}

  /// GSSAPI, SSPI, Kerberos and whatever comes.
  record Unsupported(int method) implements Authentication {}

  static Authentication decode(ByteBuffer body) throws ProtocolViolation {
    int code = Body.int32(body);
    return switch (code) {
      case 0 -> new Ok();
      case 3 -> new CleartextPassword();
      case 5 -> new Md5Password(Body.int32(body));
      case 10 -> new Sasl(mechanisms(body));
      case 11 -> new SaslContinue(Body.restAsText(body));
      case 12 -> new SaslFinal(Body.restAsText(body));
      default -> {
        Body.rest(body);
        yield new Unsupported(code);
      }
    };
  }

  private static List<String> mechanisms(ByteBuffer body) throws ProtocolViolation {
    var mechanisms = new ArrayList<String>();
    for (String name = Body.text(body); !name.isEmpty(); name = Body.text(body)) {
      mechanisms.add(name);
    }
    return mechanisms;
  }

  private int code() {
    return switch (this) {
      case Ok() -> 0;
      case CleartextPassword() -> 3;
      case Md5Password md5 -> 5;
      case Sasl sasl -> 10;
      case SaslContinue next -> 11;
      case SaslFinal last -> 12;
      case Unsupported(int method) -> method;
    };
  }

  @Override
  default byte tag() {
    return TAG;
  }

  @Override
  default int bodyLength() {
    return Integer.BYTES
        + switch (this) {
          case Ok ok -> 0;
          case CleartextPassword password -> 0;
          case Unsupported unsupported -> 0;
          case Md5Password md5 -> Integer.BYTES;
          case Sasl(var mechanisms) -> mechanisms.stream().mapToInt(Body::textLength).sum() + 1;
          case SaslContinue(String data) -> Body.textLength(data) - 1;
          case SaslFinal(String data) -> Body.textLength(data) - 1;
        };
  }

  @Override
  default void encodeBody(ByteBuffer out) {
    out.putInt(code());
    switch (this) {
      case Ok ok -> {}
      case CleartextPassword password -> {}
      case Unsupported unsupported -> {}
      case Md5Password(int salt) -> out.putInt(salt);
      case Sasl(var mechanisms) -> {
        mechanisms.forEach(name -> Body.putText(out, name));
        out.put((byte) 0);
      }
      case SaslContinue(String data) -> Body.putBareText(out, data);
      case SaslFinal(String data) -> Body.putBareText(out, data);
    }
  }
}
