package org.walstream.receive;

import java.io.IOException;

/// A receiver that shall not try again has come to its end. The message is pg_receivewal's last
/// word; the reason, which it tells before, is the cause.
public final class DisconnectedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final Exception reason;

  DisconnectedException(Exception reason) {
    super("disconnected", reason);
    this.reason = reason;
  }

  /// Why the stream has broken, or could not be opened.
  public Exception reason() {
    return reason;
  }
}
