package org.walstream.send.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.send.Answer;
import org.walstream.send.Prepared;
import org.walstream.send.RowSet;
import org.walstream.wire.message.BackendMessage;
import org.walstream.wire.message.Bind;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.DataRow;
import org.walstream.wire.message.NoData;
import org.walstream.wire.message.PortalSuspended;
import org.walstream.wire.message.RowDescription;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// A statement with its parameters, being fetched over the extended protocol, perhaps in several
/// goes, in the formats that its columns were asked for.
final class Portal {

  private final Prepared prepared;
  private final List<@Nullable String> parameters;
  private final Bind bind;
  private final String sql;
  private @Nullable Answer answer;
  private int fetched;

  Portal(Prepared prepared, List<@Nullable String> parameters, Bind bind, String sql) {
    this.prepared = prepared;
    this.parameters = parameters;
    this.bind = bind;
    this.sql = sql;
  }

  String sql() {
    return sql;
  }

  BackendMessage description() {
    return describe(prepared.columns(), bind);
  }

  /// What an answer will look like; `bind` says in which formats.
  static BackendMessage describe(Optional<List<RowSet.Column>> returned, Bind bind) {
    if (returned.isEmpty()) {
      return NoData.INSTANCE;
    }
    var columns = new ArrayList<RowDescription.Column>();
    for (RowSet.Column column : returned.get()) {
      int format = bind.resultFormat(columns.size());
      columns.add(
          new RowDescription.Column(
              column.name(), column.type().oid(), column.type().length(), -1, format));
    }
    return new RowDescription(columns);
  }

  /// Sends the next rows; the first time, runs the statement.
  ///
  /// @param rowsMax how many at most; 0 for all
  void fetch(int rowsMax, ServerConnection connection) throws IOException, ServerError {
    Answer current = answer;
    if (current == null) {
      current = prepared.run(parameters);
      answer = current;
    }
    if (current instanceof Answer.Rows(RowSet rows)) {
      fetch(rows, rowsMax, connection);
    } else {
      current.send(connection);
    }
  }

  private void fetch(RowSet rows, int rowsMax, ServerConnection connection)
      throws IOException, ServerError {
    int end = rowsMax <= 0 ? rows.rows().size() : Math.min(rows.rows().size(), fetched + rowsMax);
    for (List<@Nullable String> row : rows.rows().subList(fetched, end)) {
      connection.send(encode(rows, row));
    }
    fetched = end;
    connection.send(
        end < rows.rows().size() ? PortalSuspended.INSTANCE : new CommandComplete(rows.tag()));
  }

  private DataRow encode(RowSet rows, List<@Nullable String> row) throws ServerError {
    var values = new ArrayList<byte @Nullable []>();
    for (int i = 0; i < row.size(); i++) {
      String text = row.get(i);
      if (text == null) {
        values.add(null);
      } else if (bind.resultFormat(i) == 1) {
        values.add(BinaryFormat.of(rows.columns().get(i).type(), text));
      } else {
        values.add(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return new DataRow(Collections.unmodifiableList(values));
  }
}
