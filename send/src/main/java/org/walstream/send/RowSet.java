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
  public record Column(String name, Type type) {}

  /// The types we answer with: OID and length as in pg_type.
  public enum Type {
    BOOL(16, 1),
    BYTEA(17, -1),
    NAME(19, 64),
    INT8(20, 8),
    INT4(23, 4),
    TEXT(25, -1),
    OID(26, 4),
    XID(28, 4),
    INET(869, -1),
    TIMESTAMPTZ(1184, 8),
    INTERVAL(1186, 16),
    PG_LSN(3220, 8);

    private final int oid;
    private final int length;

    Type(int oid, int length) {
      this.oid = oid;
      this.length = length;
    }

    public int oid() {
      return oid;
    }

    /// Bytes of a value, as pg_type says; -1 when they vary.
    public int length() {
      return length;
    }
  }

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

  /// A set of one row.
  public static RowSet ofOneRow(List<Column> columns, List<@Nullable String> row, String tag) {
    return new RowSet(columns, List.of(row), tag);
  }

  /// Sends description and rows, without what completes the command.
  public void sendRows(ServerConnection connection) throws IOException {
    connection.send(
        new RowDescription(
            columns.stream()
                .map(c -> new RowDescription.Column(c.name, c.type.oid, c.type.length, -1))
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
