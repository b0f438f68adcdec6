package org.walstream.send.hba;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /// The roles that the user is a member of, its own included, by PostgreSQL's names.
  public Set<String> roles() {
    var roles = new HashSet<String>();
    roles.add(name);
    if (monitor) {
      roles.addAll(List.of("pg_monitor", "pg_read_all_settings", "pg_read_all_stats"));
    }
    if (signal) {
      roles.add("pg_signal_backend");
    }
    return roles;
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "User[" + name + "]";
  }
}
