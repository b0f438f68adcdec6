package org.walstream.wire;

import java.io.IOException;

/// The peer sent something that the protocol does not allow: an unknown message, a wrong length, a
/// message out of turn. The connection cannot go on, since where the next message begins is
/// unknown.
///
/// A server answers with SQLSTATE 08P01 (protocol_violation) before it closes.
public final class ProtocolViolation extends IOException {

  public ProtocolViolation(String message) {
    super(message);
  }

  public ProtocolViolation(String message, Throwable cause) {
    super(message, cause);
  }
}
