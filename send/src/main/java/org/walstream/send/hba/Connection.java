package org.walstream.send.hba;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What pg_hba.conf decides by.
///
/// @param address where the client is; empty for a Unix-domain socket
/// @param hostName the client's name, looked up when a rule asks: empty when its address has none,
///   or one that does not lead back to it
/// @param encrypted whether it is over TLS
/// @param roles the roles that the user is a member of, its own included; empty when there is no
///   such user
/// @param database the database asked for; of no meaning for a physical replication connection
/// @param replication true for a physical replication connection, which only `replication` matches
public record Connection(
    Optional<InetAddress> address,
    Supplier<Optional<String>> hostName,
    boolean encrypted,
    String user,
    Set<String> roles,
    String database,
    boolean replication) {

  public Connection {
    roles = Set.copyOf(roles);
  }

  /// A connection in clear, of a user who is in no other role, from an address without a name.
  Connection(Optional<InetAddress> address, String user, String database, boolean replication) {
    this(address, Optional::empty, false, user, Set.of(user), database, replication);
  }
}
