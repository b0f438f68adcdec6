package org.walstream.send.hba;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One rule of pg_hba.conf.
///
/// @param addresses whom a host rule is for; empty for a `local` rule
/// @param encryption the kind of connection the rule wants
public record HbaRule(
    Path file,
    int line,
    Encryption encryption,
    List<NameMatch> databases,
    List<NameMatch> users,
    Optional<AddressMatch> addresses,
    HbaMethod method) {

  /// What a rule's first word says about encryption. There is none yet, neither TLS nor GSSAPI, so
  /// rules that require it never match, as in a PostgreSQL without.
  public enum Encryption {
    ANY,
    REQUIRED,
    NONE
  }

  public HbaRule {
    databases = List.copyOf(databases);
    users = List.copyOf(users);
  }

  boolean matches(Connection connection) {
    return encryption != Encryption.REQUIRED
        && matchesAddress(connection)
        && databases.stream().anyMatch(d -> d.matchesDatabase(connection))
        && users.stream().anyMatch(u -> u.matchesUser(connection));
  }

  private boolean matchesAddress(Connection connection) {
    return addresses.isPresent() == connection.address().isPresent()
        && (addresses.isEmpty() || addresses.get().matches(connection.address().orElseThrow()));
  }
}
