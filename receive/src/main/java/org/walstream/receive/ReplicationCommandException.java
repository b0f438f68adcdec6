package org.walstream.receive;

import java.io.IOException;

/// The upstream has not done what a replication command asked of it: it refused, or went away. The
/// message is pg_receivewal's, which log watchers know; the cause is what the server has said.
public final class ReplicationCommandException extends IOException {

  private static final long serialVersionUID = 1L;

  private final IOException reason;

  /// @param command the command, or only its name, as pg_receivewal tells of it
  public ReplicationCommandException(String command, IOException reason) {
    super(
        "could not send replication command \"%s\": %s".formatted(command, ServerGone.text(reason)),
        reason);
    this.reason = reason;
  }

  /// What has come instead of an answer.
  public IOException reason() {
    return reason;
  }
}
