package org.walstream.send.hba;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line of pg_ident.conf.
///
/// @param expression what a system user's name must match, if it is given by one
/// @param user whom the line lets it be; without what the expression has to add
/// @param systemUser as it stands in the file
/// @param databaseUser the same
public record IdentLine(
    Path file,
    int line,
    String map,
    Optional<Pattern> expression,
    NameMatch user,
    String systemUser,
    String databaseUser) {

  private static final Logger LOG = LoggerFactory.getLogger(IdentLine.class);

  /// Stands for what the first group of the expression has matched.
  private static final String GROUP = "\\1";

  static IdentLine parse(HbaLine line) throws HbaException {
    HbaToken map = field(line, 0);
    HbaToken system = field(line, 1);
    HbaToken user = field(line, 2);
    return new IdentLine(
        line.file(),
        line.number(),
        map.text(),
        system.isRegex() ? Optional.of(pattern(line, system)) : Optional.empty(),
        NameMatch.user(line, user),
        system.text(),
        user.text());
  }

  private static HbaToken field(HbaLine line, int index) throws HbaException {
    List<List<HbaToken>> fields = line.fields();
    if (index >= fields.size()) {
      throw line.error("missing entry at end of line");
    }
    if (fields.get(index).size() > 1) {
      throw line.error("multiple values in ident field");
    }
    return fields.get(index).getFirst();
  }

  private static Pattern pattern(HbaLine line, HbaToken token) throws HbaException {
    String text = token.text().substring(1);
    try {
      return AdvancedRegex.compile(text);
    } catch (PatternSyntaxException e) {
      throw line.error("invalid regular expression \"%s\": %s".formatted(text, e.getDescription()));
    }
  }

  /// What the line says of somebody.
  enum Verdict {
    ALLOWED,
    /// It is about others.
    OTHER,
    /// It asks for what its expression does not have.
    UNUSABLE
  }

  Verdict judge(String name, Connection connection) {
    if (expression.isEmpty()) {
      return verdict(systemUser.equals(name) && user.matchesUser(connection));
    }
    Matcher matcher = expression.get().matcher(name);
    if (!matcher.find()) {
      return Verdict.OTHER;
    }
    int group = databaseUser.indexOf(GROUP);
    if (group < 0 || !(user instanceof NameMatch.Exactly)) {
      return verdict(user.matchesUser(connection));
    }
    if (matcher.groupCount() == 0 || matcher.group(1) == null) {
      LOG.info(
          "regular expression \"{}\" has no subexpressions as requested by backreference in \"{}\"",
          systemUser.substring(1),
          databaseUser);
      return Verdict.UNUSABLE;
    }
    String expanded =
        databaseUser.substring(0, group)
            + matcher.group(1)
            + databaseUser.substring(group + GROUP.length());
    return verdict(connection.user().equals(expanded));
  }

  private static Verdict verdict(boolean allowed) {
    return allowed ? Verdict.ALLOWED : Verdict.OTHER;
  }
}
