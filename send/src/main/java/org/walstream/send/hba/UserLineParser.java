package org.walstream.send.hba;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.wire.auth.ScramSecret;

/// Reads one line of the users file.
final class UserLineParser {

  private static final Pattern LINE =
      Pattern.compile("\\s*\"((?:[^\"]|\"\")+)\"\\s+\"((?:[^\"]|\"\")*)\"\\s*(.*?)\\s*");
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "(?i)(?<word>replication|monitor|signal|superuser)(?:\\s+|$)|valid\\s+until\\s+'(?<until>[^']*)'(?:\\s+|$)");
  private static final Pattern MD5 = Pattern.compile("md5[0-9a-f]{32}");

  private final Path file;
  private final int number;
  private final String text;

  UserLineParser(Path file, int number, String text) {
    this.file = file;
    this.number = number;
    this.text = text;
  }

  User parse() throws HbaException {
    Matcher matcher = LINE.matcher(text);
    if (!matcher.matches()) {
      throw error("expected \"name\" \"secret\" attributes");
    }
    String secret = unquote(matcher.group(2));
    if (!secret.isEmpty() && !isSecret(secret)) {
      throw error(
          "the secret of user \"%s\" is neither SCRAM-SHA-256 nor md5: make it with \"walstream passwd\""
              .formatted(unquote(matcher.group(1))));
    }
    return attributes(
        unquote(matcher.group(1)),
        secret.isEmpty() ? Optional.empty() : Optional.of(secret),
        matcher.group(3));
  }

  private User attributes(String name, Optional<String> secret, String attributes)
      throws HbaException {
    Set<String> words = new HashSet<>();
    Optional<Instant> validUntil = Optional.empty();
    Matcher attribute = ATTRIBUTE.matcher(attributes);
    int at = 0;
    while (at < attributes.length()) {
      if (!attribute.find(at) || attribute.start() != at) {
        throw error("unrecognized role option \"%s\"".formatted(attributes.substring(at)));
      }
      if (attribute.group("until") != null) {
        validUntil = until(attribute.group("until"));
      } else {
        words.add(attribute.group("word").toLowerCase(Locale.ROOT));
      }
      at = attribute.end();
    }
    boolean superuser = words.contains("superuser");
    return new User(
        name,
        secret,
        superuser || words.contains("replication"),
        superuser || words.contains("monitor"),
        superuser || words.contains("signal"),
        superuser,
        validUntil);
  }

  private Optional<Instant> until(String when) throws HbaException {
    try {
      return ValidUntil.parse(when).moment();
    } catch (DateTimeException e) {
      throw error(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isSecret(String secret) {
    return ScramSecret.parse(secret).isPresent() || MD5.matcher(secret).matches();
  }

  private static String unquote(String quoted) {
    return quoted.replace("\"\"", "\"");
  }

  private HbaException error(String message) {
    return HbaException.at(file, number, message);
  }
}
