package org.walstream.send.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.walstream.send.RowSet;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// The cursors that a session has declared: rows that were found when it did, and how far they have
/// been fetched. One thread.
final class Cursors {

  private static final class Cursor {
    private final RowSet rows;
    private final boolean hold;
    private int fetched;

    Cursor(RowSet rows, boolean hold) {
      this.rows = rows;
      this.hold = hold;
    }
  }

  private final Map<String, Cursor> cursors = new HashMap<>();

  void declare(String name, RowSet rows, boolean hold) throws ServerError {
    if (cursors.containsKey(name)) {
      throw ServerError.error(
          SqlState.DUPLICATE_CURSOR, "cursor \"%s\" already exists".formatted(name));
    }
    cursors.put(name, new Cursor(rows, hold));
  }

  List<RowSet.Column> columns(String name) throws ServerError {
    return find(name).rows.columns();
  }

  Optional<List<RowSet.Column>> columnsIfThere(String name) {
    return Optional.ofNullable(cursors.get(name)).map(cursor -> cursor.rows.columns());
  }

  /// The next rows, at most so many.
  RowSet fetch(String name, long rowsMax) throws ServerError {
    Cursor cursor = find(name);
    int end =
        (int) Math.min(cursor.rows.rows().size(), cursor.fetched + Math.min(rowsMax, 1L << 31));
    var rows = cursor.rows.rows().subList(cursor.fetched, end);
    cursor.fetched = end;
    return new RowSet(cursor.rows.columns(), rows, "FETCH " + rows.size());
  }

  /// @param name empty for all
  void close(Optional<String> name) throws ServerError {
    if (name.isEmpty()) {
      cursors.clear();
    } else {
      find(name.get());
      cursors.remove(name.get());
    }
  }

  /// The transaction has ended.
  ///
  /// @param committed whether those WITH HOLD stay
  void endTransaction(boolean committed) {
    cursors.values().removeIf(cursor -> !committed || !cursor.hold);
  }

  private Cursor find(String name) throws ServerError {
    Cursor cursor = cursors.get(name);
    if (cursor == null) {
      throw ServerError.error(
          SqlState.INVALID_CURSOR_NAME, "cursor \"%s\" does not exist".formatted(name));
    }
    return cursor;
  }
}
