package org.walstream.send.hba;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// One entry in the database or user column of a rule.
public sealed interface NameMatch {

  /// `all`: any name; in the database column not a physical replication connection, though.
  record Any() implements NameMatch {}

  /// `replication` in the database column: a physical replication connection, and nothing else.
  record Replication() implements NameMatch {}

  /// `sameuser` in the database column: the database called as the user.
  record SameUser() implements NameMatch {}

  /// `+role`: members of the role, directly or not.
  record Member(String role) implements NameMatch {}

  /// `samerole` in the database column: the database is called as a role that the user is a member
  /// of.
  record SameRole() implements NameMatch {}

  record Exactly(String name) implements NameMatch {}

  /// `/…`: names in which the expression is found, as since PostgreSQL 16.
  record Regex(Pattern pattern) implements NameMatch {}

  static NameMatch database(HbaLine line, HbaToken token) throws HbaException {
    if (token.isKeyword("all")) {
      return new Any();
    } else if (token.isKeyword("replication")) {
      return new Replication();
    } else if (token.isKeyword("sameuser")) {
      return new SameUser();
    } else if (token.isKeyword("samerole") || token.isKeyword("samegroup")) {
      return new SameRole();
    }
    return name(line, token);
  }

  static NameMatch user(HbaLine line, HbaToken token) throws HbaException {
    if (token.isKeyword("all")) {
      return new Any();
    } else if (!token.quoted() && token.text().startsWith("+")) {
      return new Member(token.text().substring(1));
    }
    return name(line, token);
  }

  private static NameMatch name(HbaLine line, HbaToken token) throws HbaException {
    if (!token.isRegex()) {
      return new Exactly(token.text());
    }
    try {
      return new Regex(AdvancedRegex.compile(token.text().substring(1)));
    } catch (PatternSyntaxException e) {
      throw line.error(
          "invalid regular expression \"%s\": %s"
              .formatted(token.text().substring(1), e.getDescription()));
    }
  }

  default boolean matchesDatabase(Connection connection) {
    if (connection.replication()) {
      return this instanceof Replication;
    }
    return switch (this) {
      case Any any -> true;
      case Replication replication -> false;
      case SameUser same -> connection.database().equals(connection.user());
      case SameRole same -> connection.roles().contains(connection.database());
      case Member member -> false;
      case Exactly(String name) -> connection.database().equals(name);
      case Regex(Pattern pattern) -> pattern.matcher(connection.database()).find();
    };
  }

  default boolean matchesUser(Connection connection) {
    return switch (this) {
      case Any any -> true;
      case Exactly(String name) -> connection.user().equals(name);
      case Regex(Pattern pattern) -> pattern.matcher(connection.user()).find();
      case Member(String role) -> connection.roles().contains(role);
      case Replication replication -> false;
      case SameUser same -> false;
      case SameRole same -> false;
    };
  }
}
