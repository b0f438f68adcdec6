package org.walstream.send;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.CopyFormat;
import org.walstream.wire.message.CopyOutResponse;
import org.walstream.wire.message.EmptyQueryResponse;
import org.walstream.wire.server.ServerConnection;

/// What one statement returns.
public sealed interface Answer {

  /// Sends all of it, in text.
  void send(ServerConnection connection) throws IOException;

  /// A table.
  record Rows(RowSet rows) implements Answer {
    @Override
    public void send(ServerConnection connection) throws IOException {
      rows.send(connection);
    }
  }

  /// A file, as COPY TO STDOUT sends it.
  ///
  /// @param format and how many columns there are
  /// @param lines made one by one, as they are sent
  record Copy(CopyFormat format, Iterable<byte[]> lines, String commandTag) implements Answer {
    @Override
    public void send(ServerConnection connection) throws IOException {
      connection.send(new CopyOutResponse(format));
      for (byte[] line : lines) {
        connection.send(new CopyData(ByteBuffer.wrap(line)));
      }
      connection.send(CopyDone.INSTANCE);
      connection.send(new CommandComplete(commandTag));
    }
  }

  /// The word that it is done, such as `SET`.
  record Done(String commandTag) implements Answer {
    @Override
    public void send(ServerConnection connection) throws IOException {
      connection.send(new CommandComplete(commandTag));
    }
  }

  /// Nothing: there was no statement.
  record Nothing() implements Answer {
    @Override
    public void send(ServerConnection connection) throws IOException {
      connection.send(EmptyQueryResponse.INSTANCE);
    }
  }
}
