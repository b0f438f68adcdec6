package org.walstream.node;

import java.util.Optional;
import java.util.function.Function;
import org.walstream.send.server.CommandHandler;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// SQL over a node's status.
final class StatusSql {

  private StatusSql() {}

  static CommandHandler.Factory factory(
      Node node, RetentionHorizon horizon, Function<String, Optional<String>> show) {
    return (client, connection) -> new Refusing();
  }

  private static final class Refusing implements CommandHandler {
    @Override
    public void execute(String command, ServerConnection connection) throws ServerError {
      throw ServerError.error(SqlState.FEATURE_NOT_SUPPORTED, "SQL is not supported by this node")
          .withHint("Connect with replication=true for replication commands.");
    }

    @Override
    public void close() {}
  }
}
