package org.walstream.send.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.SessionParameters;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// SET, RESET and SHOW of a session's parameters.
final class SessionStatements {

  /// Those that take a list (GUC_LIST_INPUT), as far as a session may set them.
  private static final Set<String> LISTS =
      Set.of(
          "createrole_self_grant",
          "datestyle",
          "debug_io_direct",
          "local_preload_libraries",
          "restrict_nonsystem_relation_kind",
          "search_path",
          "temp_tablespaces");

  private SessionStatements() {}

  static void set(Statement.Set set, SessionParameters parameters) throws ServerError {
    if (set.values().isEmpty()) {
      reset(Optional.of(set.parameter()), parameters);
      return;
    }
    String value = text(set.parameter(), set.values());
    try {
      if (set.local()) {
        parameters.setLocal(set.parameter(), value);
      } else {
        parameters.set(set.parameter(), value);
      }
    } catch (GucException e) {
      throw e.asError();
    }
  }

  private static String text(String parameter, List<String> values) throws ServerError {
    if (!LISTS.contains(parameter.toLowerCase(Locale.ROOT))) {
      if (values.size() > 1) {
        throw ServerError.error(
            SqlState.INVALID_PARAMETER_VALUE,
            "SET %s takes only one argument".formatted(parameter));
      }
      return values.getFirst();
    }
    boolean names = parameter.equalsIgnoreCase("search_path");
    return String.join(
        ", ", names ? values.stream().map(SessionStatements::quoted).toList() : values);
  }

  /// A name in a list, in quotes where it needs them.
  private static String quoted(String name) {
    return name.matches("[a-z_][a-z0-9_$]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /// @param parameter empty for all
  static void reset(Optional<String> parameter, SessionParameters parameters) throws ServerError {
    if (parameter.isEmpty()) {
      parameters.resetAll();
      return;
    }
    try {
      parameters.reset(parameter.get());
    } catch (GucException e) {
      throw e.asError();
    }
  }

  static String show(String parameter, SessionParameters parameters) throws ServerError {
    return parameters
        .show(parameter)
        .orElseThrow(() -> SessionParameters.unknown(parameter).asError());
  }
}
