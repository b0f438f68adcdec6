package org.walstream.send.sql;

import java.util.Locale;
import java.util.Set;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Which SETs are taken: those that psql, JDBC and other drivers send when they connect, as far as
/// they ask for what is so anyway, or for what makes no difference here.
final class SessionSettings {

  /// Without effect on anything a node answers.
  private static final Set<String> HARMLESS =
      Set.of(
          "application_name",
          "bytea_output",
          "client_min_messages",
          "extra_float_digits",
          "idle_in_transaction_session_timeout",
          "idle_session_timeout",
          "jit",
          "lc_messages",
          "lock_timeout",
          "row_security",
          "search_path",
          "statement_timeout",
          "synchronize_seqscans",
          "timezone", // every timestamp carries its own
          "transaction_timeout");

  private SessionSettings() {}

  static void set(SqlSession session, ServerParameters parameters, String name, String value)
      throws ServerError {
    if (!HARMLESS.contains(name) && !isSoAnyway(parameters, name, value)) {
      throw refusal(parameters, name, value);
    }
    session.set(name, value);
  }

  private static boolean isSoAnyway(ServerParameters parameters, String name, String value) {
    String wanted = value.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "client_encoding" -> Set.of("utf8", "utf-8", "unicode").contains(wanted);
      case "datestyle" -> wanted.startsWith("iso");
      default -> parameters.show(name).map(v -> v.equalsIgnoreCase(value)).orElse(false);
    };
  }

  private static ServerError refusal(ServerParameters parameters, String name, String value) {
    return parameters.show(name).isPresent()
        ? ServerError.error(
            SqlState.FEATURE_NOT_SUPPORTED,
            "parameter \"%s\" cannot be set to \"%s\" on this node".formatted(name, value))
        : unknown(name);
  }

  static ServerError unknown(String name) {
    return ServerError.error(
        SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"".formatted(name));
  }
}
