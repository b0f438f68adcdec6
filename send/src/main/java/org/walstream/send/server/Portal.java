package org.walstream.send.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.send.Answer;
import org.walstream.send.RowSet;
import org.walstream.wire.message.BackendMessage;
import org.walstream.wire.message.Bind;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.DataRow;
import org.walstream.wire.message.EmptyQueryResponse;
import org.walstream.wire.message.NoData;
import org.walstream.wire.message.PortalSuspended;
import org.walstream.wire.message.RowDescription;
import org.walstream.wire.server.ServerConnection;

/// An answer that is being fetched over the extended protocol, perhaps in several goes, in the
/// formats that its columns were asked for.
final class Portal {

  private final Answer answer;
  private final Bind bind;
  private int fetched;

  Portal(Answer answer, Bind bind) {
    this.answer = answer;
    this.bind = bind;
  }

  BackendMessage description() {
    return describe(answer, bind);
  }

  /// What an answer will look like; `bind` says in which formats.
  static BackendMessage describe(Answer answer, Bind bind) {
    if (!(answer instanceof Answer.Rows(RowSet rows))) {
      return NoData.INSTANCE;
    }
    var columns = new ArrayList<RowDescription.Column>();
    for (RowSet.Column column : rows.columns()) {
      int format = bind.resultFormat(columns.size());
      columns.add(
          new RowDescription.Column(
              column.name(), column.type().oid(), column.type().length(), -1, format));
    }
    return new RowDescription(columns);
  }

  /// Sends the next rows.
  ///
  /// @param rowsMax how many at most; 0 for all
  void fetch(int rowsMax, ServerConnection connection) throws IOException {
    switch (answer) {
      case Answer.Rows(RowSet rows) -> fetch(rows, rowsMax, connection);
      case Answer.Done(String tag) -> connection.send(new CommandComplete(tag));
      case Answer.Nothing() -> connection.send(EmptyQueryResponse.INSTANCE);
    }
  }

  private void fetch(RowSet rows, int rowsMax, ServerConnection connection) throws IOException {
    int end = rowsMax <= 0 ? rows.rows().size() : Math.min(rows.rows().size(), fetched + rowsMax);
    for (List<@Nullable String> row : rows.rows().subList(fetched, end)) {
      connection.send(encode(rows, row));
    }
    fetched = end;
    connection.send(
        end < rows.rows().size() ? PortalSuspended.INSTANCE : new CommandComplete(rows.tag()));
  }

  private DataRow encode(RowSet rows, List<@Nullable String> row) {
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
