package org.walstream.wire.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.walstream.wire.auth.AuthenticationException;
import org.walstream.wire.conninfo.ConnectionHost;
import org.walstream.wire.conninfo.TlsOptions;
import org.walstream.wire.message.StartupPacket;
import org.walstream.wire.tls.ClientTls;
import org.walstream.wire.tls.TlsTransport;
import org.walstream.wire.transport.Transport;

/// Gets TLS from a server, by asking for it or at once.
///
/// ```
/// SslRequest ─▶           'S' ◀─   hands are shaken
///                         'N' ◀─   the connection goes on in clear, or ends
/// ```
///
/// The answer's one byte is all that is read in clear: what somebody in between has put behind it
/// would have to be TLS.
final class TlsNegotiation {

  private TlsNegotiation() {}

  /// @return empty when the server has no TLS
  /// @throws org.walstream.wire.tls.TlsException in libpq's words if hands cannot be shaken
  static Optional<TlsTransport> begin(Transport transport, TlsOptions options, ConnectionHost host)
      throws IOException {
    if (!options.direct() && !isGranted(transport)) {
      return Optional.empty();
    }
    return Optional.of(ClientTls.load(options, host.host()).connect(transport));
  }

  private static boolean isGranted(Transport transport) throws IOException {
    new MessageStream(transport).write(new StartupPacket.SslRequest());
    ByteBuffer answer = ByteBuffer.allocateDirect(1);
    if (transport.read(answer) < 0) {
      throw new EOFException("server closed the connection unexpectedly");
    }
    char said = (char) (answer.get(0) & 0xff);
    return switch (said) {
      case 'S' -> true;
      case 'N' -> false;
      // Not to be believed: nobody has proven yet who has sent it.
      case 'E' ->
          throw new AuthenticationException("server sent an error response during SSL exchange");
      default ->
          throw new AuthenticationException(
              "received invalid response to SSL negotiation: " + said);
    };
  }
}
