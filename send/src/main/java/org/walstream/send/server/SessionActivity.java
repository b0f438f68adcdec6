package org.walstream.send.server;

import java.time.Instant;
import java.util.Optional;
import org.walstream.send.ClientIdentity;

/// What a session is doing at one moment: a row of pg_stat_activity.
///
/// @param walSender whether the session may stream WAL
/// @param state PostgreSQL's word: `active`, `idle`, `idle in transaction`, `idle in transaction
///   (aborted)`
/// @param query the last or present command
public record SessionActivity(
    ClientIdentity client,
    boolean walSender,
    String state,
    String query,
    Optional<Instant> transactionBegun,
    Instant queryBegun,
    Instant stateChanged) {

  /// Of a session that has just been let in.
  static SessionActivity begun(ClientIdentity client, boolean walSender) {
    return new SessionActivity(
        client, walSender, "idle", "", Optional.empty(), client.connected(), client.connected());
  }

  SessionActivity active(String command) {
    Instant now = Instant.now();
    return new SessionActivity(
        client,
        walSender,
        "active",
        command,
        transactionBegun.or(() -> Optional.of(now)),
        now,
        now);
  }

  /// @param status as in ReadyForQuery
  SessionActivity ready(byte status) {
    String idle =
        switch (status) {
          case 'T' -> "idle in transaction";
          case 'E' -> "idle in transaction (aborted)";
          default -> "idle";
        };
    return new SessionActivity(
        client,
        walSender,
        idle,
        query,
        status == 'I' ? Optional.empty() : transactionBegun,
        queryBegun,
        Instant.now());
  }
}
