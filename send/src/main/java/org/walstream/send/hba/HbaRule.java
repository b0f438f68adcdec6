package org.walstream.send.hba;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One rule of pg_hba.conf.
///
/// @param addresses whom a host rule is for; empty for a `local` rule
/// @param encryption the kind of connection the rule wants
/// @param written the rule as it stands in the file
public record HbaRule(
    Path file,
    int line,
    Encryption encryption,
    List<NameMatch> databases,
    List<NameMatch> users,
    Optional<AddressMatch> addresses,
    HbaMethod method,
    Written written) {

  /// A rule's words: the columns of pg_hba_file_rules.
  ///
  /// @param netmask of an address in numbers
  public record Written(
      String type,
      List<String> databases,
      List<String> users,
      Optional<String> address,
      Optional<String> netmask,
      String method) {
    public Written {
      databases = List.copyOf(databases);
      users = List.copyOf(users);
    }
  }

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
