package org.walstream.send.server;

import java.io.IOException;
import org.walstream.send.guc.SessionParameters;
import org.walstream.wire.message.NoticeResponse;
import org.walstream.wire.message.ParameterStatus;
import org.walstream.wire.server.ServerConnection;

/// What a session tells its client of itself: the parameters that drivers go by, all of them at
/// first and then as they change, and notices.
///
/// Source: PostgreSQL manual, "Asynchronous Operations" of the protocol.
public final class SessionReports {

  private SessionReports() {}

  /// Sends notices, which come before what completes the command that they are about.
  public static void sendNotices(SessionParameters parameters, ServerConnection connection)
      throws IOException {
    for (var notice : parameters.takeNotices()) {
      connection.send(new NoticeResponse(notice));
    }
  }

  /// Sends what the client has not been told yet.
  public static void send(SessionParameters parameters, ServerConnection connection)
      throws IOException {
    sendNotices(parameters, connection);
    for (var parameter : parameters.takeReports().entrySet()) {
      connection.send(new ParameterStatus(parameter.getKey(), parameter.getValue()));
    }
  }
}
