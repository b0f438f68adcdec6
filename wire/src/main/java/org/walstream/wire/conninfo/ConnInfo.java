package org.walstream.wire.conninfo;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Connection options as somebody gave them, by name, unchecked beyond their syntax.
///
/// Immutable. Its text hides secrets, as pg_stat_wal_receiver.conninfo does, so that it may be
/// logged.
public final class ConnInfo {

  /// No option given.
  public static final ConnInfo EMPTY = new ConnInfo(new EnumMap<>(ConnInfoOption.class));

  private static final String HIDDEN = "********";

  private final Map<ConnInfoOption, String> values;

  ConnInfo(Map<ConnInfoOption, String> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /// Reads a connection string in either of libpq's forms: `keyword=value …` or a URI.
  ///
  /// @throws ConnInfoException in libpq's words if it cannot be read
  public static ConnInfo parse(String conninfo) {
    return UriParser.isUri(conninfo) ? UriParser.parse(conninfo) : KeywordParser.parse(conninfo);
  }

  /// True when a "database name" is really a connection string, as libpq's tools take it.
  public static boolean looksLikeConnInfo(String dbname) {
    return UriParser.isUri(dbname) || dbname.contains("=");
  }

  public Optional<String> get(ConnInfoOption option) {
    return Optional.ofNullable(values.get(option));
  }

  /// True when `option` has a value, an empty one included.
  public boolean has(ConnInfoOption option) {
    return values.containsKey(option);
  }

  /// These options with `option` set to `value`; null takes the option away.
  public ConnInfo with(ConnInfoOption option, @Nullable String value) {
    var copy = copy();
    if (value == null) {
      copy.remove(option);
    } else {
      copy.put(option, value);
    }
    return new ConnInfo(copy);
  }

  /// These options, and for those not given here the ones of `others`.
  public ConnInfo orElse(ConnInfo others) {
    var merged = new EnumMap<ConnInfoOption, String>(ConnInfoOption.class);
    merged.putAll(others.values);
    merged.putAll(values);
    return new ConnInfo(merged);
  }

  /// These options with everything libpq adds to what is not given, in its order: the service
  /// file's entry, the `PG*` variables, the defaults.
  ///
  /// @throws ConnInfoException if a service is named that no file defines
  public ConnInfo completed(LibpqEnvironment environment) {
    ConnInfo given = this;
    Optional<String> service =
        get(ConnInfoOption.SERVICE).or(() -> environment.variable("PGSERVICE"));
    if (service.isPresent()) {
      given = given.orElse(ServiceFile.find(service.get(), environment));
    }
    return strengthened(given.orElse(fromVariables(environment))).orElse(defaults(environment));
  }

  /// Who trusts the system's certificates wants the server's checked in full, if nothing is said.
  private static ConnInfo strengthened(ConnInfo given) {
    boolean system = given.get(ConnInfoOption.SSLROOTCERT).equals(Optional.of("system"));
    return system && !given.has(ConnInfoOption.SSLMODE)
        ? given.with(ConnInfoOption.SSLMODE, SslMode.VERIFY_FULL.toString())
        : given;
  }

  private static ConnInfo fromVariables(LibpqEnvironment environment) {
    var values = new EnumMap<ConnInfoOption, String>(ConnInfoOption.class);
    for (ConnInfoOption option : ConnInfoOption.values()) {
      option
          .environmentVariable()
          .flatMap(environment::variable)
          .ifPresent(value -> values.put(option, value));
    }
    boolean requireSsl = environment.variable("PGREQUIRESSL").orElse("").startsWith("1");
    if (requireSsl) { // older than PGSSLMODE, which wins
      values.putIfAbsent(ConnInfoOption.SSLMODE, SslMode.REQUIRE.toString());
    }
    return new ConnInfo(values);
  }

  private static ConnInfo defaults(LibpqEnvironment environment) {
    var values = new EnumMap<ConnInfoOption, String>(ConnInfoOption.class);
    for (ConnInfoOption option : ConnInfoOption.values()) {
      option.defaultValue().ifPresent(value -> values.put(option, value));
    }
    environment.user().name().ifPresent(name -> values.put(ConnInfoOption.USER, name));
    return new ConnInfo(values);
  }

  private EnumMap<ConnInfoOption, String> copy() {
    var copy = new EnumMap<ConnInfoOption, String>(ConnInfoOption.class);
    copy.putAll(values);
    return copy;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConnInfo that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /// These options as a connection string that libpq would read back, but for the secrets, which
  /// show as `********`.
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(e -> e.getKey().keyword() + "=" + shown(e.getKey(), e.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String shown(ConnInfoOption option, String value) {
    return option.isSecret() ? HIDDEN : quoted(value);
  }

  private static String quoted(String value) {
    boolean plain = !value.isEmpty() && value.chars().noneMatch(ConnInfo::needsQuotes);
    return plain ? value : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static boolean needsQuotes(int c) {
    return c == '\'' || c == '\\' || KeywordParser.isSpace(c);
  }
}
