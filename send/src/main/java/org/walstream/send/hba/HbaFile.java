package org.walstream.send.hba;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// pg_hba.conf: a list of rules of which the first that fits a connection decides; if none fits,
/// the connection is refused.
///
/// ```
/// local                         DATABASE  USER  METHOD
/// host|hostssl|hostnossl|
///   hostgssenc|hostnogssenc     DATABASE  USER  ADDRESS [MASK]  METHOD
/// ```
///
/// The database `replication` stands for physical replication connections, and `all` does not
/// include them.
///
/// Counterpart of load_hba() and check_hba(), src/backend/libpq/hba.c.
public record HbaFile(List<HbaRule> rules) {

  public HbaFile {
    rules = List.copyOf(rules);
  }

  /// Reads and checks a file and what it includes.
  ///
  /// @throws HbaException for the first thing wrong in it
  public static HbaFile read(Path file) throws HbaException {
    return new HbaFile(HbaLine.parse(HbaReader.read(file), HbaRuleParser::parse));
  }

  /// What a file and what it includes say now, whether they could be used or not.
  public static List<AuthLine<HbaRule>> look(Path file) {
    return HbaLine.look(file, HbaRuleParser::parse);
  }

  /// The rule that decides about `connection`.
  public Optional<HbaRule> find(Connection connection) {
    return rules.stream().filter(rule -> rule.matches(connection)).findFirst();
  }
}
