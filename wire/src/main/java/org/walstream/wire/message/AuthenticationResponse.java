package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.ByteText;
import org.walstream.wire.ProtocolViolation;

/// A client's part of authentication. Four messages share the tag and only the [Authentication]
/// before says which is meant, so the body is kept as it came:
///
/// ```
/// 'p'  length  PasswordMessage:      password (string)
///              SASLInitialResponse:  mechanism (string)  length (4)  data
///              SASLResponse:         data
/// ```
@SuppressWarnings("ArrayRecordComponent") // equality is by content, below
public record AuthenticationResponse(byte[] body) implements FrontendMessage {

  public static final byte TAG = 'p';

  /// The initial response of a mechanism.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record SaslInitial(String mechanism, byte[] data) {}

  /// @param password its bytes as [ByteText]
  public static AuthenticationResponse password(String password) {
    byte[] text = ByteText.bytes(password);
    return new AuthenticationResponse(Arrays.copyOf(text, text.length + 1));
  }

  public static AuthenticationResponse saslInitial(String mechanism, byte[] data) {
    var body = ByteBuffer.allocate(Body.textLength(mechanism) + Integer.BYTES + data.length);
    Body.putText(body, mechanism);
    body.putInt(data.length).put(data);
    return new AuthenticationResponse(body.array());
  }

  public static AuthenticationResponse sasl(byte[] data) {
    return new AuthenticationResponse(data);
  }

  static AuthenticationResponse decode(ByteBuffer body) {
    return new AuthenticationResponse(Body.rest(body));
  }

  /// Reads the body as a password, whose bytes come as [ByteText].
  public String asPassword() throws ProtocolViolation {
    var in = ByteBuffer.wrap(body);
    byte[] password = Body.textBytes(in);
    Body.requireEnd(in);
    return ByteText.of(password);
  }

  /// Reads the body as the first message of a mechanism.
  public SaslInitial asSaslInitial() throws ProtocolViolation {
    var in = ByteBuffer.wrap(body);
    String mechanism = Body.text(in);
    int length = Body.int32(in);
    byte[] data = length == -1 ? new byte[0] : Body.bytes(in, length);
    Body.requireEnd(in);
    return new SaslInitial(mechanism, data);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return body.length;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.put(body);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AuthenticationResponse that && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(body);
  }

  /// Without the body, which may be a password.
  @Override
  public String toString() {
    return "AuthenticationResponse";
  }
}
