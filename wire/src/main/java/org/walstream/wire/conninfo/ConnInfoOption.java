package org.walstream.wire.conninfo;

import static org.walstream.wire.conninfo.ConnInfoOption.Use.CHECKED;
import static org.walstream.wire.conninfo.ConnInfoOption.Use.HONOURED;
import static org.walstream.wire.conninfo.ConnInfoOption.Use.SECRET;
import static org.walstream.wire.conninfo.ConnInfoOption.Use.UNUSED;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The words of a connection string, each with its environment variable and its default: one row
/// per word, in libpq's order.
///
/// None is passed over: a word is honoured, or it is refused where it asks for what this program
/// does not have ([GssOptions]), or it describes a part that no connection here has and so has no
/// effect, as in a libpq without that part.
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
  TCP_USER_TIMEOUT(null, null, CHECKED), // the JDK has no such socket option
  SSLMODE("PGSSLMODE", "prefer", HONOURED),
  SSLNEGOTIATION("PGSSLNEGOTIATION", "postgres", HONOURED),
  SSLCOMPRESSION("PGSSLCOMPRESSION", "0", UNUSED),
  SSLCERT("PGSSLCERT", null, HONOURED),
  SSLKEY("PGSSLKEY", null, HONOURED),
  SSLCERTMODE("PGSSLCERTMODE", null, HONOURED),
  SSLPASSWORD(null, null, SECRET),
  SSLROOTCERT("PGSSLROOTCERT", null, HONOURED),
  SSLCRL("PGSSLCRL", null, HONOURED),
  SSLCRLDIR("PGSSLCRLDIR", null, HONOURED),
  SSLSNI("PGSSLSNI", "1", HONOURED),
  REQUIREPEER("PGREQUIREPEER", null, HONOURED),
  REQUIRE_AUTH("PGREQUIREAUTH", null, HONOURED),
  MIN_PROTOCOL_VERSION("PGMINPROTOCOLVERSION", null, HONOURED),
  MAX_PROTOCOL_VERSION("PGMAXPROTOCOLVERSION", null, HONOURED),
  SSL_MIN_PROTOCOL_VERSION("PGSSLMINPROTOCOLVERSION", "TLSv1.2", HONOURED),
  SSL_MAX_PROTOCOL_VERSION("PGSSLMAXPROTOCOLVERSION", null, HONOURED),
  GSSENCMODE("PGGSSENCMODE", "disable", CHECKED),
  KRBSRVNAME("PGKRBSRVNAME", null, UNUSED),
  GSSLIB("PGGSSLIB", null, UNUSED),
  GSSDELEGATION("PGGSSDELEGATION", null, UNUSED),
  REPLICATION(null, null, HONOURED),
  TARGET_SESSION_ATTRS("PGTARGETSESSIONATTRS", "any", HONOURED),
  LOAD_BALANCE_HOSTS("PGLOADBALANCEHOSTS", "disable", HONOURED),
  SCRAM_CLIENT_KEY(null, null, SECRET),
  SCRAM_SERVER_KEY(null, null, SECRET),
  OAUTH_ISSUER(null, null, UNUSED),
  OAUTH_CLIENT_ID(null, null, UNUSED),
  OAUTH_CLIENT_SECRET(null, null, SECRET),
  OAUTH_SCOPE(null, null, UNUSED),
  SSLKEYLOGFILE(null, null, UNUSED);

  /// What becomes of an option's value.
  enum Use {
    HONOURED,
    /// Honoured by being refused when it asks for what there is not.
    CHECKED,
    /// Concerns only GSSAPI or OAuth, which no connection here has, or what libpq ignores too.
    UNUSED,
    /// Never shown in any text.
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
