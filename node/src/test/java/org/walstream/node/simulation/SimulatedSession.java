package org.walstream.node.simulation;

import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.walstream.send.ClientIdentity;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.replication.ReplicationCommands;
import org.walstream.send.replication.ReplicationParts;
import org.walstream.send.server.CommandHandler;
import org.walstream.send.server.SessionReports;
import org.walstream.wal.machine.Machine;
import org.walstream.wire.message.Authentication;
import org.walstream.wire.message.BackendKeyData;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.ErrorResponse;
import org.walstream.wire.message.Query;
import org.walstream.wire.message.ReadyForQuery;
import org.walstream.wire.message.StartupPacket;
import org.walstream.wire.message.Terminate;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;
import org.walstream.wire.transport.Transport;

/// A replication connection's server side without what guards the door, which takes no part in what
/// is simulated: everybody is let in.
final class SimulatedSession implements Runnable {

  private static final Map<String, String> SETTINGS =
      Map.of("server_version", "18.1", "wal_level", "replica", "wal_segment_size", "1MB");

  private final int pid;
  private final ReplicationParts parts;
  private final Machine machine;
  private final Transport transport;

  SimulatedSession(int pid, ReplicationParts parts, Machine machine, Transport transport) {
    this.pid = pid;
    this.parts = parts;
    this.machine = machine;
    this.transport = transport;
  }

  @Override
  public void run() {
    try (var connection = new ServerConnection(transport)) {
      if (connection.receiveStartupPacket() instanceof StartupPacket.Startup startup) {
        serve(connection, startup.parameters());
      }
    } catch (IOException | ServerError e) {
      // the client has gone, or has been told
    }
  }

  private void serve(ServerConnection connection, Map<String, String> startup)
      throws IOException, ServerError {
    connection.send(new Authentication.Ok());
    connection.authenticated();
    var client =
        new ClientIdentity(
            pid,
            startup.getOrDefault("user", ""),
            "",
            startup.getOrDefault("application_name", ""),
            transport.peerAddress(),
            Optional.empty(),
            machine.now());
    var parameters =
        new SessionParameters(name -> Optional.ofNullable(SETTINGS.get(name)), client.user());
    setAtStart(parameters, client.applicationName());
    try (CommandHandler commands =
        ReplicationCommands.physical(parts).open(client, parameters, connection)) {
      SessionReports.send(parameters, connection);
      connection.send(new BackendKeyData(pid, new byte[4]));
      answer(connection, commands);
    }
  }

  private static void setAtStart(SessionParameters parameters, String applicationName) {
    try {
      parameters.setAtStart("application_name", applicationName);
    } catch (GucException e) {
      throw new AssertionError(e);
    }
  }

  private static void answer(ServerConnection connection, CommandHandler commands)
      throws IOException {
    while (true) {
      connection.send(ReadyForQuery.IDLE);
      connection.flush();
      String command = next(connection);
      if (command.isEmpty()) {
        return;
      }
      try {
        commands.execute(command, connection);
      } catch (ServerError error) {
        connection.send(new ErrorResponse(error.diagnostic()));
      }
    }
  }

  /// @return the client's next command; empty when it says goodbye
  private static String next(ServerConnection connection) throws IOException {
    while (true) {
      switch (connection.receive()) {
        case Query(String text) -> {
          return text;
        }
        case CopyData late -> {} // it did not know yet that its copy had ended
        case CopyDone late -> {}
        case Terminate goodbye -> {
          return "";
        }
        case Object other -> throw new EOFException("unexpected " + other);
      }
    }
  }
}
