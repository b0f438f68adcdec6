package org.walstream.receive;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import org.walstream.wire.PostgresException;
import org.walstream.wire.client.ServerShutdownException;

/// The upstream has ended the stream before it was asked to. The message is pg_receivewal's, which
/// log watchers know; the cause is what the server has said.
public final class StreamTerminatedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final IOException reason;

  private StreamTerminatedException(String message, IOException reason) {
    super(message, reason);
    this.reason = reason;
  }

  /// What has come instead of WAL.
  public IOException reason() {
    return reason;
  }

  /// What has ended a stream, if it was the server; anything else as it is.
  static IOException of(IOException failure) {
    return switch (failure) {
      case PostgresException error ->
          new StreamTerminatedException(
              "unexpected termination of replication stream: " + error.getMessage(), error);
      case ServerShutdownException shutdown ->
          new StreamTerminatedException(
              "replication stream was terminated before stop point", shutdown);
      case EOFException gone -> lost(gone);
      case SocketException broken -> lost(broken);
      default -> failure;
    };
  }

  private static StreamTerminatedException lost(IOException failure) {
    return new StreamTerminatedException(
        "could not receive data from WAL stream: " + ServerGone.text(failure), failure);
  }
}
