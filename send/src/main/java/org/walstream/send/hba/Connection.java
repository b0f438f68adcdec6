package org.walstream.send.hba;

import java.net.InetAddress;
import java.util.Optional;

/// What pg_hba.conf decides by.
///
/// @param address where the client is; empty for a Unix-domain socket
/// @param database the database asked for; of no meaning for a physical replication connection
/// @param replication true for a physical replication connection, which only `replication` matches
public record Connection(
    Optional<InetAddress> address, String user, String database, boolean replication) {}
