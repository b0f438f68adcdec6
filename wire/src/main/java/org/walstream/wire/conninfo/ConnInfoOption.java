package org.walstream.wire.conninfo;

import static org.walstream.wire.conninfo.ConnInfoOption.Use.ACCEPTED;
import static org.walstream.wire.conninfo.ConnInfoOption.Use.HONOURED;
import static org.walstream.wire.conninfo.ConnInfoOption.Use.SECRET;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The words of a connection string, each with its environment variable and its default: one row
/// per word, in libpq's order.
///
/// Words that only matter once there is TLS, GSSAPI or OAuth are accepted, so that a connection
/// string that works with PostgreSQL's own tools is not refused for them.
///
/// Counterpart of PQconninfoOptions, src/interfaces/libpq/fe-connect.c.
public enum ConnInfoOption {
  SERVICE("PGSERVICE", null, HONOURED),
  USER("PGUSER", null, HONOURED),
  PASSWORD("PGPASSWORD", null, SECRET),
  PASSFILE("PGPASSFILE", null, HONOURED),
  CHANNEL_BINDING("PGCHANNELBINDING", "prefer", HONOURED),
  CONNECT_TIMEOUT("PGCONNECT_TIMEOUT", null, HONOURED),
  DBNAME("PGDATABASE", null, HONOURED),
  HOST("PGHOST", null, HONOURED),
  HOSTADDR("PGHOSTADDR", null, HONOURED),
  PORT("PGPORT", null, HONOURED),
  CLIENT_ENCODING("PGCLIENTENCODING", null, HONOURED),
  OPTIONS("PGOPTIONS", null, HONOURED),
  APPLICATION_NAME("PGAPPNAME", null, HONOURED),
  FALLBACK_APPLICATION_NAME(null, null, HONOURED),
  KEEPALIVES(null, "1", HONOURED),
  KEEPALIVES_IDLE(null, null, HONOURED),
  KEEPALIVES_INTERVAL(null, null, HONOURED),
  KEEPALIVES_COUNT(null, null, HONOURED),
  TCP_USER_TIMEOUT(null, null, ACCEPTED), // the JDK has no such socket option
  SSLMODE("PGSSLMODE", "prefer", HONOURED),
  SSLNEGOTIATION("PGSSLNEGOTIATION", "postgres", ACCEPTED),
  SSLCOMPRESSION("PGSSLCOMPRESSION", "0", ACCEPTED),
  SSLCERT("PGSSLCERT", null, ACCEPTED),
  SSLKEY("PGSSLKEY", null, ACCEPTED),
  SSLCERTMODE("PGSSLCERTMODE", null, ACCEPTED),
  SSLPASSWORD(null, null, SECRET),
  SSLROOTCERT("PGSSLROOTCERT", null, ACCEPTED),
  SSLCRL("PGSSLCRL", null, ACCEPTED),
  SSLCRLDIR("PGSSLCRLDIR", null, ACCEPTED),
  SSLSNI("PGSSLSNI", "1", ACCEPTED),
  REQUIREPEER("PGREQUIREPEER", null, ACCEPTED),
  REQUIRE_AUTH("PGREQUIREAUTH", null, HONOURED),
  MIN_PROTOCOL_VERSION("PGMINPROTOCOLVERSION", null, HONOURED),
  MAX_PROTOCOL_VERSION("PGMAXPROTOCOLVERSION", null, HONOURED),
  SSL_MIN_PROTOCOL_VERSION("PGSSLMINPROTOCOLVERSION", "TLSv1.2", ACCEPTED),
  SSL_MAX_PROTOCOL_VERSION("PGSSLMAXPROTOCOLVERSION", null, ACCEPTED),
  GSSENCMODE("PGGSSENCMODE", "disable", HONOURED),
  KRBSRVNAME("PGKRBSRVNAME", null, ACCEPTED),
  GSSLIB("PGGSSLIB", null, ACCEPTED),
  GSSDELEGATION("PGGSSDELEGATION", null, ACCEPTED),
  REPLICATION(null, null, HONOURED),
  TARGET_SESSION_ATTRS("PGTARGETSESSIONATTRS", "any", HONOURED),
  LOAD_BALANCE_HOSTS("PGLOADBALANCEHOSTS", "disable", HONOURED),
  SCRAM_CLIENT_KEY(null, null, SECRET),
  SCRAM_SERVER_KEY(null, null, SECRET),
  OAUTH_ISSUER(null, null, ACCEPTED),
  OAUTH_CLIENT_ID(null, null, ACCEPTED),
  OAUTH_CLIENT_SECRET(null, null, SECRET),
  OAUTH_SCOPE(null, null, ACCEPTED),
  SSLKEYLOGFILE(null, null, ACCEPTED);

  /// What becomes of an option's value.
  enum Use {
    HONOURED,
    /// Taken and kept, without effect.
    ACCEPTED,
    /// Never shown.
    SECRET
  }

  private static final Map<String, ConnInfoOption> BY_KEYWORD =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(ConnInfoOption::keyword, Function.identity()));

  private final String keyword;
  private final @Nullable String environmentVariable;
  private final @Nullable String defaultValue;
  private final Use use;

  ConnInfoOption(@Nullable String environmentVariable, @Nullable String defaultValue, Use use) {
    this.keyword = name().toLowerCase(java.util.Locale.ROOT);
    this.environmentVariable = environmentVariable;
    this.defaultValue = defaultValue;
    this.use = use;
  }

  /// The option of that name; names are lower case, exactly as written.
  public static Optional<ConnInfoOption> of(String keyword) {
    return Optional.ofNullable(BY_KEYWORD.get(keyword));
  }

  /// The word itself, such as `target_session_attrs`.
  public String keyword() {
    return keyword;
  }

  public Optional<String> environmentVariable() {
    return Optional.ofNullable(environmentVariable);
  }

  /// The value when nobody gives one and it does not depend on the machine.
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /// True when the value must not appear in any text.
  public boolean isSecret() {
    return use == SECRET;
  }
}
