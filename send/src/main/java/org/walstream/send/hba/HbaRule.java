package org.walstream.send.hba;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One rule of pg_hba.conf.
///
/// @param addresses whom a host rule is for; empty for a `local` rule
/// @param type the kind of connection the rule is for
/// @param certificate what is wanted of the client's certificate
/// @param map the map of pg_ident.conf that leads from who the client is to whom it may be; without
///   one they must be the same
/// @param written the rule as it stands in the file
public record HbaRule(
    Path file,
    int line,
    ConnectionType type,
    List<NameMatch> databases,
    List<NameMatch> users,
    Optional<AddressMatch> addresses,
    HbaMethod method,
    CertificateCheck certificate,
    Optional<String> map,
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
      String method,
      List<String> options) {
    public Written {
      databases = List.copyOf(databases);
      users = List.copyOf(users);
      options = List.copyOf(options);
    }
  }

  public HbaRule {
    databases = List.copyOf(databases);
    users = List.copyOf(users);
  }

  boolean matches(Connection connection) {
    return type.isFor(connection)
        && (addresses.isEmpty() || addresses.get().matches(connection))
        && databases.stream().anyMatch(d -> d.matchesDatabase(connection))
        && users.stream().anyMatch(u -> u.matchesUser(connection));
  }

  /// Where the rule stands, as messages say it.
  public String place() {
    return "%s:%d".formatted(file, line);
  }
}
