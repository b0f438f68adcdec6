package org.walstream.send.server;

import java.util.Optional;
import org.walstream.send.ClientIdentity;
import org.walstream.send.hba.HbaRule;
import org.walstream.wire.server.ServerError;

/// Who may in, how they prove who they are, and what they may do: `pg_hba.conf` and `users`.
/// Thread-safe; answers may change from one connection to the next, when the files are read again.
public interface AccessControl {

  /// How a client must prove itself: the first rule of `pg_hba.conf` that matches.
  ///
  /// @param physicalReplication true when the connection is for replication and names no database
  /// @throws ServerError if there is no such rule, or it says `reject`
  HbaRule rule(ClientIdentity client, boolean physicalReplication) throws ServerError;

  /// Whether who the client is known to be, by its certificate or to the operating system, may be
  /// the user that it wants to be; true when the rule does not ask. Called once the client has
  /// proven whatever else the rule wants.
  ///
  /// @param systemUser the operating system's user at the other end of a Unix-domain socket
  boolean isUser(HbaRule rule, ClientIdentity client, Optional<String> systemUser);

  /// What is stored of the user's password; empty when there is no such user, or the password is
  /// not valid any more.
  Optional<String> secret(String user);

  /// Whether a user is one that PostgreSQL would call a superuser.
  boolean isSuperuser(String user);

  /// Called once the user has proven itself.
  ///
  /// @throws ServerError if the user may not replicate (or, without replication, not look)
  void checkRights(ClientIdentity client, boolean replication) throws ServerError;
}
