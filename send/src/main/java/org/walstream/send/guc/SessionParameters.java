package org.walstream.send.guc;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.walstream.send.guc.GucParameter.Context;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.Diagnostic;

/// The parameters of one session: what its client has set when it connected or by SET, over what
/// the server says.
///
/// ```
/// SET ─▶ value of the session ─(RESET)─▶ value from the start-up packet ─▶ the server's ─▶ PostgreSQL's default
///
/// SET LOCAL covers them all until the transaction ends
/// ```
///
/// Some have an effect: `wal_sender_timeout` on the session's stream, `statement_timeout` on its
/// queries, `application_name` in the views, `TimeZone` on every time printed. [SessionValues]
/// tells what is refused because it would have none.
///
/// Changed by the session's own thread; [#applicationName] and [#walSenderTimeoutMs] may be asked
/// by any. Counterpart of the session's part of src/backend/utils/misc/guc.c; nobody is a
/// superuser.
public final class SessionParameters {

  private static final String APPLICATION_NAME = "application_name";
  private static final String WAL_SENDER_TIMEOUT = "wal_sender_timeout";
  private static final String STATEMENT_TIMEOUT = "statement_timeout";

  /// Those that clients are told of when they connect and whenever they change (GUC_REPORT).
  private static final List<String> REPORTED =
      List.of(
          "in_hot_standby",
          "default_transaction_read_only",
          "integer_datetimes",
          "search_path",
          "TimeZone",
          "IntervalStyle",
          "is_superuser",
          APPLICATION_NAME,
          "scram_iterations",
          "standard_conforming_strings",
          "DateStyle",
          "session_authorization",
          "client_encoding",
          "server_version",
          "server_encoding");

  private final Function<String, Optional<String>> server;
  private final String user;
  private final Map<String, String> atStart = new ConcurrentHashMap<>();
  private final Map<String, String> values = new ConcurrentHashMap<>();
  private final Map<String, String> locals = new ConcurrentHashMap<>();
  private final Map<String, String> reported = new LinkedHashMap<>();
  private final List<Diagnostic> notices = new ArrayList<>();

  /// @param server a parameter of the server by its name in lower case, as SHOW prints it
  public SessionParameters(Function<String, Optional<String>> server, String user) {
    this.server = server;
    this.user = user;
  }

  /// Sets what the start-up packet asks for.
  ///
  /// @throws GucException if there is no such parameter, or the client may not set it, or not so
  public void setAtStart(String name, String text) throws GucException {
    atStart.put(key(name), checked(name, text, true));
    noteLength(name, text);
  }

  /// Does what SET does.
  ///
  /// @throws GucException as [#setAtStart]
  public void set(String name, String text) throws GucException {
    values.put(key(name), checked(name, text, false));
    locals.remove(key(name));
    noteLength(name, text);
  }

  /// Does what SET LOCAL does.
  ///
  /// @throws GucException as [#setAtStart]
  public void setLocal(String name, String text) throws GucException {
    locals.put(key(name), checked(name, text, false));
    noteLength(name, text);
  }

  /// What is set at a moment to which a transaction may want to return.
  public record Snapshot(Map<String, String> values, Map<String, String> locals) {
    public Snapshot {
      values = Map.copyOf(values);
      locals = Map.copyOf(locals);
    }
  }

  public Snapshot snapshot() {
    return new Snapshot(values, locals);
  }

  public void restore(Snapshot snapshot) {
    values.clear();
    values.putAll(snapshot.values);
    locals.clear();
    locals.putAll(snapshot.locals);
  }

  /// The transaction has ended, and with it what was SET LOCAL.
  public void endLocals() {
    locals.clear();
  }

  private void noteLength(String name, String text) {
    if (key(name).equals(APPLICATION_NAME)) {
      noteTruncation(Names.cleanAscii(text));
    }
  }

  /// Remembers to tell the client, if `name` is so long that it was cut.
  public void noteTruncation(String name) {
    if (!Names.truncate(name).equals(name)) {
      notices.add(new Diagnostic("NOTICE", SqlState.NAME_TOO_LONG, Names.truncationNotice(name)));
    }
  }

  /// Remembers to warn the client.
  public void warn(String sqlState, String message) {
    notices.add(new Diagnostic("WARNING", sqlState, message));
  }

  /// What the client is to be told of and has not been, as far as `client_min_messages` lets it.
  public List<Diagnostic> takeNotices() {
    String least = show("client_min_messages").orElse("");
    List<Diagnostic> news =
        notices.stream()
            .filter(n ->
                !least.equals("error")
                    && !(least.equals("warning") && n.severity().equals("NOTICE")))
            .toList();
    notices.clear();
    return news;
  }

  /// Does what RESET and SET TO DEFAULT do.
  public void reset(String name) throws GucException {
    String key = key(name);
    if (find(name).isEmpty()) {
      if (GucTable.isCustomName(name) && values.containsKey(key)) {
        values.put(key, ""); // it stays, with nothing in it
        return;
      } else if (!GucTable.isCustomName(name)) {
        throw GucException.unknown(name);
      }
    } else {
      requireSettable(find(name).get(), false);
    }
    values.remove(key);
    locals.remove(key);
  }

  public void resetAll() {
    locals.clear();
    values.keySet().removeIf(key -> !key.contains("."));
    values.replaceAll((key, value) -> "");
  }

  /// The value as SHOW prints it; empty when there is no such parameter.
  public Optional<String> show(String name) {
    String key = key(name);
    String set = locals.getOrDefault(key, values.get(key));
    if (set != null) {
      return Optional.of(set);
    }
    // What a transaction does not say holds as the session has it.
    return key.equals("transaction_isolation")
        ? show("default_transaction_isolation")
        : fromStart(key);
  }

  /// The name as PostgreSQL writes it: `TimeZone`.
  public static String properName(String name) {
    return find(name).map(GucParameter::name).orElse(name);
  }

  /// The error of a SHOW for which there is nothing to show.
  public static GucException unknown(String name) {
    return GucException.unknown(name);
  }

  public String applicationName() {
    return show(APPLICATION_NAME).orElse("");
  }

  /// How long this session's standby may be silent; 0: for ever.
  ///
  /// @param servers what the server says, for sessions that have not set their own
  public long walSenderTimeoutMs(long servers) {
    return own(WAL_SENDER_TIMEOUT, servers);
  }

  /// How long a statement may take; 0: for ever.
  public long statementTimeoutMs() {
    return own(STATEMENT_TIMEOUT, 0);
  }

  /// A number that the session has set, or what holds otherwise.
  private long own(String name, long otherwise) {
    String own = locals.getOrDefault(name, values.getOrDefault(name, atStart.get(name)));
    if (own == null) {
      return otherwise;
    }
    try {
      return find(name).orElseThrow().number(own);
    } catch (GucException e) {
      throw new IllegalStateException("a value was checked when it was set", e);
    }
  }

  /// The zone that times are printed in.
  public ZoneId zone() {
    return show("timezone").flatMap(SessionValues::zone).orElse(ZoneOffset.UTC);
  }

  /// The zone that a session may be set to by that name.
  public static Optional<ZoneId> zone(String name) {
    return SessionValues.zone(name);
  }

  /// What clients are to be told of and have not been: everything at first, then what has changed.
  public Map<String, String> takeReports() {
    var news = new LinkedHashMap<String, String>();
    for (String name : REPORTED) {
      String value = show(name).orElse("");
      if (!value.equals(reported.put(name, value))) {
        news.put(name, value);
      }
    }
    return news;
  }

  /// The value without what the session has SET.
  private Optional<String> fromStart(String key) {
    String own = atStart.get(key);
    if (own != null) {
      return Optional.of(own);
    } else if (key.equals("session_authorization")) {
      return Optional.of(user);
    } else if (key.equals(APPLICATION_NAME)) {
      return Optional.of("");
    }
    return server.apply(key).or(() -> defaultOf(key));
  }

  /// PostgreSQL's default, for parameters that sessions may set.
  private static Optional<String> defaultOf(String key) {
    Optional<GucParameter> parameter =
        GucTable.find(key)
            .filter(p -> p.context() == Context.USER || p.context() == Context.BACKEND);
    try {
      return parameter.isEmpty()
          ? Optional.empty()
          : Optional.of(parameter.get().check(parameter.get().defaultText()));
    } catch (GucException e) {
      throw new IllegalStateException("PostgreSQL's own default is no value: " + key, e);
    }
  }

  private String checked(String name, String text, boolean starting) throws GucException {
    Optional<GucParameter> parameter = find(name);
    if (parameter.isPresent()) {
      requireSettable(parameter.get(), starting);
      return SessionValues.check(parameter.get(), text, fromStart(key(name)));
    } else if (server.apply(key(name)).isPresent()) {
      throw cannotChange(name, "now"); // one of Walstream's own, from the node's file
    } else if (!GucTable.isCustomName(name)) {
      throw GucException.unknown(name);
    }
    return text;
  }

  private static void requireSettable(GucParameter parameter, boolean starting)
      throws GucException {
    switch (parameter.context()) {
      case INTERNAL ->
          throw GucException.refused(
              SqlState.CANT_CHANGE_RUNTIME_PARAM,
              "parameter \"%s\" cannot be changed".formatted(parameter.name()));
      case POSTMASTER -> throw cannotChange(parameter.name(), "without restarting the server");
      case SIGHUP -> throw cannotChange(parameter.name(), "now");
      case SUPERUSER_BACKEND, BACKEND -> {
        if (!starting) {
          throw GucException.refused(
              SqlState.CANT_CHANGE_RUNTIME_PARAM,
              "parameter \"%s\" cannot be set after connection start".formatted(parameter.name()));
        } else if (parameter.context() == Context.SUPERUSER_BACKEND) {
          throw permissionDenied(parameter);
        }
      }
      case SUPERUSER -> throw permissionDenied(parameter);
      case USER -> {}
    }
  }

  private static GucException cannotChange(String name, String when) {
    return GucException.refused(
        SqlState.CANT_CHANGE_RUNTIME_PARAM,
        "parameter \"%s\" cannot be changed %s".formatted(name, when));
  }

  private static GucException permissionDenied(GucParameter parameter) {
    return GucException.refused(
        SqlState.INSUFFICIENT_PRIVILEGE,
        "permission denied to set parameter \"%s\"".formatted(parameter.name()));
  }

  private static Optional<GucParameter> find(String name) {
    return GucTable.find(name);
  }

  private static String key(String name) {
    return properName(name).toLowerCase(Locale.ROOT);
  }
}
