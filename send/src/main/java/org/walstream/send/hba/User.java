package org.walstream.send.hba;

import java.time.Instant;
import java.util.Optional;

/// One user of a node: a line of the users file.
///
/// @param secret the stored form of the password: SCRAM's or md5's; empty when there is none
/// @param replication may open replication connections (PostgreSQL's REPLICATION attribute)
/// @param monitor may see the details of others in status views (pg_monitor)
/// @param signal may end what others do, and their sessions, but superusers' (pg_signal_backend)
/// @param superuser may do all that, and read the configuration again
/// @param validUntil when the password expires
public record User(
    String name,
    Optional<String> secret,
    boolean replication,
    boolean monitor,
    boolean signal,
    boolean superuser,
    Optional<Instant> validUntil) {

  /// The secret to check a password against at `now`: none once it has expired.
  public Optional<String> secretAt(Instant now) {
    return validUntil.isPresent() && validUntil.get().isBefore(now) ? Optional.empty() : secret;
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "User[" + name + "]";
  }
}
