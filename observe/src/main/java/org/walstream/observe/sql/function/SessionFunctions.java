package org.walstream.observe.sql.function;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.hba.User;
import org.walstream.wire.server.ServerError;

/// Who asks, when, and with what settings.
public final class SessionFunctions {

  private SessionFunctions() {}

  public static int backendPid() {
    return QueryContext.current().session().client().pid();
  }

  public static String user() {
    return QueryContext.current().session().client().user();
  }

  public static String database() {
    return QueryContext.current().session().client().database();
  }

  public static String schema() {
    return "public";
  }

  public static String[] schemas(boolean implicit) {
    return implicit ? new String[] {"pg_catalog", "public"} : new String[] {"public"};
  }

  public static String version() {
    return "PostgreSQL " + QueryContext.current().status().serverVersion();
  }

  public static @Nullable String clientAddress() {
    return QueryContext.current().session().client().host().orElse(null);
  }

  public static @Nullable Integer clientPort() {
    int port = QueryContext.current().session().client().port();
    return port < 0 ? null : port;
  }

  public static @Nullable String unknownText() {
    return null;
  }

  public static @Nullable Integer unknownNumber() {
    return null;
  }

  // Times

  public static OffsetDateTime now() {
    return time(QueryContext.current().session().transactionBegun());
  }

  public static OffsetDateTime statementTime() {
    return time(QueryContext.current().begun());
  }

  public static OffsetDateTime clockTime() {
    return time(Instant.now());
  }

  public static OffsetDateTime started() {
    return time(QueryContext.current().status().started());
  }

  public static OffsetDateTime configurationLoaded() {
    return time(QueryContext.current().status().configurationLoaded());
  }

  /// In microseconds, as PostgreSQL counts: rounded otherwise later on, a time would not be itself.
  private static OffsetDateTime time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  // Settings

  public static @Nullable String currentSetting(@Nullable String name) throws SQLException {
    if (name == null) {
      return null;
    }
    return QueryContext.current()
        .session()
        .parameters()
        .show(name)
        .orElseThrow(() -> new RefusedException(SessionParameters.unknown(name).asError()));
  }

  public static @Nullable String currentSetting(@Nullable String name, boolean missingOk)
      throws SQLException {
    if (name == null) {
      return null;
    }
    Optional<String> value = QueryContext.current().session().parameters().show(name);
    return value.isEmpty() && missingOk ? null : currentSetting(name);
  }

  public static @Nullable String setConfig(String name, @Nullable String value, boolean local)
      throws SQLException {
    SessionParameters parameters = QueryContext.current().session().parameters();
    try {
      if (value == null) {
        parameters.reset(name);
      } else if (!local) {
        parameters.set(name, value);
      } else if (QueryContext.current().session().transactionBlockBegun().isPresent()) {
        parameters.setLocal(name, value);
      } else {
        return value; // for a transaction, which ends with it
      }
    } catch (GucException e) {
      throw new RefusedException(e.asError());
    }
    return currentSetting(name);
  }

  // Interrupts

  /// Asked for every row of every part of a query.
  public static boolean goOn() throws SQLException {
    try {
      QueryContext.current().checkInterrupts();
      Heap.check();
    } catch (ServerError e) {
      throw new RefusedException(e);
    }
    return true;
  }

  public static @Nullable String sleep(double seconds) throws SQLException {
    try {
      var interrupts = QueryContext.current().session().interrupts();
      interrupts.sleep(Duration.ofNanos((long) (Math.clamp(seconds, 0, 1e9) * 1e9)));
    } catch (ServerError e) {
      throw new RefusedException(e);
    }
    return "";
  }

  // Rights: whoever is in may look at everything there is to look at

  public static boolean mayRead(Value first, Value second) {
    return true;
  }

  public static boolean mayRead(Value first, Value second, Value third) {
    return true;
  }

  public static @Nullable Boolean hasRole(@Nullable String role, @Nullable String how) {
    return hasRole(user(), role, how);
  }

  public static @Nullable Boolean hasRole(
      @Nullable String user, @Nullable String role, @Nullable String how) {
    if (user == null || role == null || how == null) {
      return null;
    }
    Optional<User> found =
        QueryContext.current().status().users().stream()
            .filter(u -> u.name().equals(user))
            .findFirst();
    return user.equals(role) || (role.startsWith("pg_") && found.map(User::monitor).orElse(false));
  }

  public static boolean mayRead(Value first, Value second, Value third, Value fourth) {
    return true;
  }

  public static boolean mayNot(Value first, Value second) {
    return QueryContext.current().user().map(User::superuser).orElse(false);
  }

  public static boolean mayNot(Value first, Value second, Value third) {
    return mayNot(first, second);
  }

  public static String encoding() {
    return "UTF8";
  }

  public static String randomUuid() {
    return UUID.randomUUID().toString();
  }

  /// A UUID that begins with the time, of version 7.
  public static String timedUuid() {
    var random = UUID.randomUUID();
    long time = System.currentTimeMillis() << 16;
    return new UUID(
            time | 0x7000 | (random.getMostSignificantBits() & 0xFFF),
            random.getLeastSignificantBits())
        .toString();
  }

  public static boolean never() {
    return false;
  }

  public static int zero() {
    return 0;
  }

  /// Those whose locks hold up a session: there are no locks.
  public static Integer[] nobody(Value pid) {
    return new Integer[0];
  }

  public static String nothing() {
    return "";
  }

  public static @Nullable OffsetDateTime unknownTime() {
    return null;
  }
}
