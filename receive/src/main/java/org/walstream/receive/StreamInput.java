package org.walstream.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wire.client.PgClient;

/// Where a [StreamReader] gets its bytes from: a connection, or in tests a script.
interface StreamInput {

  static StreamInput of(PgClient client) {
    return new StreamInput() {
      @Override
      public long read(ByteBuffer[] dsts) throws IOException {
        return client.readStream(dsts);
      }

      @Override
      public boolean interlude(ByteBuffer begun) throws IOException {
        client.giveBack(begun);
        return client.readInterlude();
      }
    };
  }

  /// Reads at least one byte into `dsts`, waiting for it; -1 at the end.
  long read(ByteBuffer[] dsts) throws IOException;

  /// Deals with a message that is not CopyData.
  ///
  /// @param begun what has been read of it, and perhaps of those after it
  /// @return false when it ends the stream
  boolean interlude(ByteBuffer begun) throws IOException;
}
