package org.walstream.send.server;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.walstream.send.ClientIdentity;
import org.walstream.send.Prepared;
import org.walstream.send.RowSet;
import org.walstream.send.guc.SessionParameters;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// Does what the clients of one kind of session say, one session each.
public interface CommandHandler extends AutoCloseable {

  /// Runs one command, to its CommandComplete. The session sends ReadyForQuery, or what went wrong.
  ///
  /// @throws ServerError what the client did wrong, or cannot have
  void execute(String command, ServerConnection connection) throws IOException, ServerError;

  /// Reads a statement without running it: for the extended protocol.
  ///
  /// @param parameterTypes OIDs, as far as the client gives them
  /// @throws ServerError on replication connections, which have no extended protocol
  default Prepared prepare(String statement, List<Integer> parameterTypes) throws ServerError {
    throw ServerError.error(
        SqlState.PROTOCOL_VIOLATION,
        "extended query protocol not supported in a replication connection");
  }

  /// The columns of a cursor that SQL has declared: to clients it is a portal as any other.
  default Optional<List<RowSet.Column>> cursor(String name) {
    return Optional.empty();
  }

  /// What ReadyForQuery says: `I`, `T` or `E`.
  default byte transactionStatus() {
    return 'I';
  }

  /// What comes between two commands: sends what the client has asked to be told of. Called before
  /// each ReadyForQuery.
  default void betweenCommands(ServerConnection connection) throws IOException {}

  /// The session waits for its client from now on. Until [#busy] returns, the handler may write to
  /// the connection on a thread of its own.
  default void idle() {}

  /// The client has said something.
  default void busy() {}

  /// The client has been told of an error: the transaction, if there is one, has failed.
  default void failed() {}

  /// The client asks to cancel what runs, if anything does. From any thread.
  default void cancel() {}

  /// An administrator ends the session: what runs is to fail. From any thread.
  default void terminate() {}

  /// The session has ended, however it did.
  @Override
  void close();

  /// Makes the handler of a session that begins.
  interface Factory {

    /// @param parameters what the session has set, from the start on
    /// @throws ServerError if there is no room for one more session of this kind
    CommandHandler open(
        ClientIdentity client, SessionParameters parameters, ServerConnection connection)
        throws ServerError;
  }
}
