package org.walstream.wire.conninfo;

import java.io.ByteArrayOutputStream;
import java.util.EnumMap;
import java.util.Optional;
import java.util.StringJoiner;
import org.walstream.wire.ByteText;

/// Reads the form of a URI:
///
/// ```
/// postgresql://user:password@host1:port1,[::1]:port2/dbname?option=value&option=value
///              \___optional__/ \____one or more____/ \_optional_/
/// ```
///
/// Every part may be percent-encoded, and any part may be missing. A Unix-domain socket's directory
/// is given as `%2Ftmp` in the place of a host, or with `?host=/tmp`.
///
/// Counterpart of conninfo_uri_parse_options(), fe-connect.c. One use, one thread.
final class UriParser {

  private static final String[] PREFIXES = {"postgresql://", "postgres://"};

  private final String uri;
  private final EnumMap<ConnInfoOption, String> values = new EnumMap<>(ConnInfoOption.class);
  private int at;

  private UriParser(String uri, int start) {
    this.uri = uri;
    this.at = start;
  }

  static boolean isUri(String text) {
    return prefixLength(text) > 0;
  }

  static ConnInfo parse(String uri) {
    var parser = new UriParser(uri, prefixLength(uri));
    parser.credentials();
    parser.hosts();
    parser.database();
    parser.options();
    return new ConnInfo(parser.values);
  }

  private static int prefixLength(String text) {
    for (String prefix : PREFIXES) {
      if (text.startsWith(prefix)) {
        return prefix.length();
      }
    }
    return 0;
  }

  /// `user:password@`, if there is an `@` before the first slash.
  private void credentials() {
    int end = indexOfAny("@/", at);
    if (end == uri.length() || uri.charAt(end) != '@') {
      return;
    }
    int colon = uri.indexOf(':', at);
    int userEnd = colon >= 0 && colon < end ? colon : end;
    storeUnlessEmpty(ConnInfoOption.USER, uri.substring(at, userEnd));
    if (userEnd < end) {
      storeUnlessEmpty(ConnInfoOption.PASSWORD, uri.substring(userEnd + 1, end));
    }
    at = end + 1;
  }

  private void hosts() {
    var hosts = new StringJoiner(",");
    var ports = new StringJoiner(",");
    boolean more;
    do {
      hosts.add(nextIs('[') ? bracketedHost() : upTo(":/?,"));
      if (nextIs(':')) {
        at++;
        ports.add(upTo("/?,"));
      } else {
        ports.add("");
      }
      more = nextIs(',');
      at += more ? 1 : 0;
    } while (more);
    storeUnlessEmpty(ConnInfoOption.HOST, hosts.toString());
    storeUnlessEmpty(ConnInfoOption.PORT, ports.toString());
  }

  private String bracketedHost() {
    int close = uri.indexOf(']', at);
    if (close < 0) {
      throw new ConnInfoException(
          "end of string reached when looking for matching \"]\" in IPv6 host address in URI: \"%s\""
              .formatted(withoutPassword()));
    }
    String host = uri.substring(at + 1, close);
    if (host.isEmpty()) {
      throw new ConnInfoException(
          "IPv6 host address may not be empty in URI: \"%s\"".formatted(withoutPassword()));
    }
    at = close + 1;
    if (at < uri.length() && ":/?,".indexOf(uri.charAt(at)) < 0) {
      throw new ConnInfoException(
          "unexpected character \"%c\" at position %d in URI (expected \":\" or \"/\"): \"%s\""
              .formatted(uri.charAt(at), at + 1, withoutPassword()));
    }
    return host;
  }

  private void database() {
    if (nextIs('/')) {
      at++;
      storeUnlessEmpty(ConnInfoOption.DBNAME, upTo("?"));
    }
  }

  private void options() {
    if (!nextIs('?')) {
      return;
    }
    at++;
    while (at < uri.length()) {
      option(upTo("&"));
      at++;
    }
  }

  private void option(String parameter) {
    int equals = parameter.indexOf('=');
    if (equals < 0) {
      throw new ConnInfoException(
          "missing key/value separator \"=\" in URI query parameter: \"%s\"".formatted(parameter));
    }
    if (parameter.indexOf('=', equals + 1) >= 0) {
      throw new ConnInfoException(
          "extra key/value separator \"=\" in URI query parameter: \"%s\""
              .formatted(parameter.substring(0, equals)));
    }
    String keyword = decode(parameter.substring(0, equals));
    String value = decode(parameter.substring(equals + 1));
    if (keyword.equals("ssl") && value.equals("true")) { // what JDBC writes
      values.put(ConnInfoOption.SSLMODE, "require");
      return;
    }
    Optional<ConnInfoOption> option = ConnInfoOption.of(keyword);
    if (option.isEmpty()) {
      throw new ConnInfoException("invalid URI query parameter: \"%s\"".formatted(keyword));
    }
    values.put(option.get(), value);
  }

  private void storeUnlessEmpty(ConnInfoOption option, String encoded) {
    if (!encoded.isEmpty()) {
      values.put(option, decode(encoded));
    }
  }

  /// Undoes percent-encoding. Spaces around the text are dropped, spaces inside must be `%20`.
  private static String decode(String encoded) {
    String text = KeywordParser.strip(encoded);
    if (text.chars().anyMatch(KeywordParser::isSpace)) {
      throw new ConnInfoException(
          "unexpected spaces found in \"%s\", use percent-encoded spaces (%%20) instead"
              .formatted(encoded));
    }
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = new ByteArrayOutputStream(text.length());
    int i = 0;
    while (i < text.length()) {
      if (text.charAt(i) == '%') {
        bytes.write(encodedByte(text, i));
        i += 3;
      } else {
        int next = text.indexOf('%', i);
        int end = next < 0 ? text.length() : next;
        bytes.writeBytes(ByteText.bytes(text.substring(i, end)));
        i = end;
      }
    }
    return ByteText.of(bytes.toByteArray());
  }

  private static int encodedByte(String text, int percent) {
    int high = percent + 1 < text.length() ? hexDigit(text.charAt(percent + 1)) : -1;
    int low = percent + 2 < text.length() ? hexDigit(text.charAt(percent + 2)) : -1;
    if (high < 0 || low < 0) {
      throw new ConnInfoException("invalid percent-encoded token: \"%s\"".formatted(text));
    }
    if (high == 0 && low == 0) {
      throw new ConnInfoException(
          "forbidden value %%00 in percent-encoded value: \"%s\"".formatted(text));
    }
    return high << 4 | low;
  }

  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private boolean nextIs(char c) {
    return at < uri.length() && uri.charAt(at) == c;
  }

  /// Takes everything up to the first of `stops`, or to the end.
  private String upTo(String stops) {
    int end = indexOfAny(stops, at);
    String taken = uri.substring(at, end);
    at = end;
    return taken;
  }

  private int indexOfAny(String stops, int from) {
    int i = from;
    while (i < uri.length() && stops.indexOf(uri.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  /// The URI for an error message. Differs from PostgreSQL: libpq prints the password with it.
  private String withoutPassword() {
    return uri.replaceFirst("(//[^:/@]*):[^@/]*@", "$1:********@");
  }
}
