package org.walstream.observe.sql.dialect;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Commands that are no queries, refused as a standby refuses them, or as what a node lacks.
///
/// Source: what a standby of 18 says; ClassifyUtilityCommandAsReadOnly(),
/// src/backend/tcop/utility.c.
final class UtilityCommands {

  /// Those that a standby runs.
  private static final Set<String> LACKING = Set.of("EXPLAIN", "PREPARE", "EXECUTE", "DO", "CALL");

  private static final Set<String> NOT_IN_RECOVERY =
      Set.of("VACUUM", "ANALYZE", "CLUSTER", "REINDEX", "LOCK TABLE");

  /// Those that the parser does not know, or that are called otherwise than they begin.
  private static final Set<String> WRITING =
      Set.of(
          "SECURITY LABEL", "IMPORT FOREIGN SCHEMA", "REFRESH MATERIALIZED VIEW", "TRUNCATE TABLE");

  private UtilityCommands() {}

  /// Why `sql` cannot be run; empty if it is none of them.
  static Optional<ServerError> refused(String sql) {
    String[] words = sql.strip().toUpperCase(Locale.ROOT).split("[^A-Z]+", 4);
    String first = words[0];
    if (LACKING.contains(first)) {
      return Optional.of(
          ServerError.error(
              SqlState.FEATURE_NOT_SUPPORTED, "not supported by this node: " + first));
    }
    return NOT_IN_RECOVERY.stream()
        .filter(command -> begins(command, first))
        .findFirst()
        .map(command ->
            ServerError.error(
                SqlState.READ_ONLY_SQL_TRANSACTION,
                "cannot execute %s during recovery".formatted(command)))
        .or(() ->
            WRITING.stream()
                .filter(command -> begins(command, first))
                .findFirst()
                .map(UtilityCommands::inReadOnlyTransaction));
  }

  static ServerError inReadOnlyTransaction(String command) {
    return ServerError.error(
        SqlState.READ_ONLY_SQL_TRANSACTION,
        "cannot execute %s in a read-only transaction".formatted(command));
  }

  private static boolean begins(String command, String word) {
    return command.equals(word) || command.startsWith(word + " ");
  }
}
