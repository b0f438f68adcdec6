package org.walstream.wire.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.message.DataRow;

/// What one command answered: rows, or none.
///
/// @param columns the names of the columns; empty when the command returns no rows
/// @param commandTag what the server says it did, such as `SHOW`
public record QueryResult(List<String> columns, List<DataRow> rows, String commandTag) {

  public QueryResult {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// The value in row and column, both from 0, as text; null for SQL's null.
  public @Nullable String text(int row, int column) {
    return rows.get(row).text(column);
  }
}
