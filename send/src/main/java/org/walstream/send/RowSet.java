package org.walstream.send;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.DataRow;
import org.walstream.wire.message.RowDescription;
import org.walstream.wire.server.ServerConnection;

/// A table of texts that answers a command: columns with PostgreSQL's types, rows of values in
/// PostgreSQL's text format, null for NULL. Immutable.
///
/// @param tag the command tag that ends it, such as `SELECT 1`
public record RowSet(List<Column> columns, List<List<@Nullable String>> rows, String tag) {

  /// One column and its type.
  public record Column(String name, SqlType type) {}

  public RowSet {
    columns = List.copyOf(columns);
    var copies = new ArrayList<List<@Nullable String>>();
    for (List<@Nullable String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row has %d values for %d columns".formatted(row.size(), columns.size()));
      }
      copies.add(Collections.unmodifiableList(new ArrayList<>(row)));
    }
    rows = Collections.unmodifiableList(copies);
  }

  /// A set of rows, which may hold nulls: of what a record's own constructor takes, other modules
  /// do not see that.
  public static RowSet of(List<Column> columns, List<List<@Nullable String>> rows, String tag) {
    return new RowSet(columns, rows, tag);
  }

  /// A set of one row.
  public static RowSet ofOneRow(List<Column> columns, List<@Nullable String> row, String tag) {
    return new RowSet(columns, List.of(row), tag);
  }

  /// Sends description and rows, without what completes the command.
  public void sendRows(ServerConnection connection) throws IOException {
    connection.send(
        new RowDescription(
            columns.stream()
                .map(c -> new RowDescription.Column(c.name, c.type.oid(), c.type.length(), -1))
                .toList()));
    for (List<@Nullable String> row : rows) {
      connection.send(DataRow.ofText(row.toArray(String[]::new)));
    }
  }

  /// Sends all of it, CommandComplete included.
  public void send(ServerConnection connection) throws IOException {
    sendRows(connection);
    connection.send(new CommandComplete(tag));
  }
}
