package org.walstream.send;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Optional;
import org.walstream.wire.AddressText;
import org.walstream.wire.tls.TlsSession;

/// Who is at the other end of a session.
///
/// @param pid the number by which views and messages call the session; not a process of the
///   system's
/// @param address where the client connects from; a Unix socket's address when it is local
/// @param tls what was agreed on with it; empty when the connection is in clear
public record ClientIdentity(
    int pid,
    String user,
    String database,
    String applicationName,
    SocketAddress address,
    Optional<TlsSession> tls,
    Instant connected) {

  /// The same client by the name it gives itself now.
  public ClientIdentity withApplicationName(String name) {
    return new ClientIdentity(pid, user, database, name, address, tls, connected);
  }

  /// The client's host; empty over a Unix socket.
  public Optional<String> host() {
    return address instanceof InetSocketAddress inet
        ? Optional.of(AddressText.of(inet.getAddress()))
        : Optional.empty();
  }

  /// As messages name it: an address, or `[local]`.
  public String hostOrLocal() {
    return host().orElse("[local]");
  }

  /// The client's port; -1 over a Unix socket, as in pg_stat_replication.
  public int port() {
    return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
  }
}
