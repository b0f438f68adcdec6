package org.walstream.send.sql;

import static org.walstream.send.RowSet.Type.BOOL;
import static org.walstream.send.RowSet.Type.INT4;
import static org.walstream.send.RowSet.Type.NAME;
import static org.walstream.send.RowSet.Type.PG_LSN;
import static org.walstream.send.RowSet.Type.TEXT;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.send.RowSet;
import org.walstream.send.guc.GucBoolean;
import org.walstream.store.WalLog;
import org.walstream.store.WalStore;
import org.walstream.wire.server.ServerError;

/// The functions that SELECT may call.
final class Functions {

  /// What a function returns.
  record Result(RowSet.Type type, @Nullable String value) {}

  private final WalStore store;
  private final StatusSource source;

  Functions(WalStore store, StatusSource source) {
    this.store = store;
    this.source = source;
  }

  Result call(String name, List<String> arguments, SqlSession session) throws ServerError {
    if (name.equals("set_config") && arguments.size() == 3) {
      if (GucBoolean.parse(arguments.get(2))
          .orElse(true)) { // for a transaction, which ends with it
        return new Result(TEXT, arguments.get(1));
      }
      SessionStatements.set(arguments.get(0), arguments.get(1), session.parameters());
      return new Result(TEXT, SessionStatements.show(arguments.get(0), session.parameters()));
    } else if (name.equals("current_setting") && arguments.size() == 1) {
      return new Result(TEXT, SessionStatements.show(arguments.get(0), session.parameters()));
    } else if (!arguments.isEmpty()) {
      throw StatementParser.unsupported();
    }
    return switch (name) {
      // What is received is told once it is flushed, as PostgreSQL does.
      case "pg_last_wal_receive_lsn", "pg_current_wal_flush_lsn" ->
          new Result(
              PG_LSN, store.currentLog().map(WalLog::flushedLsn).map(Texts::lsn).orElse(null));
      case "pg_is_in_recovery" -> new Result(BOOL, "t"); // nobody may take a node for a primary
      case "version" -> new Result(TEXT, "PostgreSQL %s".formatted(source.serverVersion()));
      case "pg_backend_pid" -> new Result(INT4, Integer.toString(session.client().pid()));
      case "current_database" -> new Result(NAME, session.client().database());
      case "current_user", "session_user" -> new Result(NAME, session.client().user());
      default -> throw StatementParser.unsupported();
    };
  }
}
