package org.walstream.send.guc;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.wire.SqlState;

/// Which values of a session's parameters a node takes: those that it honours, and those that would
/// change nothing it answers. The rest is refused, for whoever sets it goes by it.
final class SessionValues {

  /// What would change how a session behaves, and does not here: only the value that holds anyway.
  private static final Set<String> FIXED =
      Set.of(
          "client_connection_check_interval",
          "exit_on_error",
          "idle_session_timeout",
          "intervalstyle",
          "local_preload_libraries",
          "post_auth_delay",
          "role",
          "session_authorization",
          "standard_conforming_strings",
          "tcp_keepalives_count",
          "tcp_keepalives_idle",
          "tcp_keepalives_interval",
          "tcp_user_timeout",
          "transaction_read_only");

  /// PostgreSQL's names of other encodings, without what is neither letter nor digit.
  private static final Pattern OTHER_ENCODING =
      Pattern.compile(
          "latin([1-9]|10)|iso8859\\d{1,2}|win(874|86[36]|125[0-8]|1258)?|windows\\d{3,4}|koi8[ru]?|koi8"
              + "|euc(jp|cn|kr|tw|jis2004)|mule(internal)?|sjis|shiftjis(2004)?|mskanji|big5|gbk|uhc"
              + "|gb18030|johab|abc|alt|tcvn(5712)?|vscii|win949|win932|win936|win950");

  private static final Pattern POSIX_OFFSET =
      Pattern.compile("(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]+>)([+-]?)(\\d{1,2})(?::(\\d{2}))?");

  private SessionValues() {}

  /// The value that `text` means, as SHOW prints it.
  ///
  /// @param holds the value that holds without the setting
  static String check(GucParameter parameter, String text, Optional<String> holds)
      throws GucException {
    String name = parameter.name().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "application_name" -> Names.truncate(Names.cleanAscii(text));
      case "client_encoding" -> encoding(text);
      case "datestyle" -> dateStyle(text, holds.orElse("ISO, MDY"));
      case "timezone" -> {
        if (zone(text).isEmpty()) {
          throw GucException.invalidValue("TimeZone", text, "");
        }
        yield text;
      }
      default -> {
        String value = parameter.check(text);
        if (FIXED.contains(name) && !holds.orElse("").equalsIgnoreCase(value)) {
          throw notHere(parameter.name(), text);
        }
        yield value;
      }
    };
  }

  private static GucException notHere(String name, String value) {
    return GucException.refused(
        SqlState.FEATURE_NOT_SUPPORTED,
        "parameter \"%s\" cannot be set to \"%s\" on this node".formatted(name, value));
  }

  /// Everything a node says is UTF-8. SQL_ASCII asks for bytes as they are, and gets them.
  private static String encoding(String text) throws GucException {
    String letters = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return switch (letters) {
      case "utf8", "unicode" -> "UTF8";
      case "sqlascii" -> "SQL_ASCII";
      default ->
          throw OTHER_ENCODING.matcher(letters).matches()
              ? notHere("client_encoding", text)
              : GucException.invalidValue("client_encoding", text, "");
    };
  }

  /// Times are printed in the ISO style, whatever the order of day and month is to be where it
  /// matters.
  private static String dateStyle(String text, String holds) throws GucException {
    List<String> parts = List.of(holds.split(", "));
    String order = parts.getLast();
    var words = new ArrayList<String>();
    for (String word : text.split(",", -1)) {
      words.add(word.strip().toUpperCase(Locale.ROOT));
    }
    for (String word : words) {
      switch (word) {
        case "ISO" -> {}
        case "DEFAULT" -> order = parts.getLast();
        case "YMD" -> order = "YMD";
        case "DMY" -> order = "DMY";
        case "MDY", "US" -> order = "MDY";
        default -> {
          if (word.startsWith("EURO")) {
            order = "DMY";
          } else if (word.startsWith("NONEURO")) {
            order = "MDY";
          } else if (Set.of("SQL", "GERMAN").contains(word) || word.startsWith("POSTGRES")) {
            throw notHere("DateStyle", text);
          } else {
            throw new GucException(
                SqlState.INVALID_PARAMETER_VALUE,
                "invalid value for parameter \"DateStyle\": \"%s\"".formatted(text),
                "Unrecognized key word: \"%s\".".formatted(word.toLowerCase(Locale.ROOT)),
                "");
          }
        }
      }
    }
    return "ISO, " + order;
  }

  /// A zone by its name in the time zone database, or by POSIX's `ABC-2`, which lies two hours
  /// *east*.
  static Optional<ZoneId> zone(String text) {
    for (String name : ZoneRulesProvider.getAvailableZoneIds()) {
      if (name.equalsIgnoreCase(text)) {
        return Optional.of(ZoneId.of(name));
      }
    }
    Matcher posix = POSIX_OFFSET.matcher(text);
    if (!posix.matches() || Integer.parseInt(posix.group(2)) > 18) {
      return Optional.empty();
    }
    int minutes = posix.group(3) == null ? 0 : Integer.parseInt(posix.group(3));
    int west = Integer.parseInt(posix.group(2)) * 60 + Math.min(minutes, 59);
    int east = posix.group(1).equals("-") ? west : -west;
    return Math.abs(east) > 18 * 60
        ? Optional.empty()
        : Optional.of(ZoneOffset.ofTotalSeconds(east * 60));
  }
}
