package org.walstream.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wal.TimelineId;

/// A program that wants WAL as it comes. Called on the receiver's reading thread: what takes long
/// here holds up the stream, and in the end the sender's memory, but nobody else.
@FunctionalInterface
public interface WalHandler {

  /// Takes the WAL at `lsn`: whole records where they are shorter than a megabyte.
  ///
  /// @param wal the bytes that came from the socket, not a copy; valid only during the call
  void wal(long lsn, ByteBuffer wal) throws IOException;

  /// A stream begins at `origin`. After a broken connection it begins where the last one ended.
  default void started(StreamOrigin origin) throws IOException {}

  /// The timeline has ended at `switchLsn`. The next stream begins at the start of that segment:
  /// its bytes come again, as the WAL of timeline `next`.
  default void timelineEnded(long switchLsn, TimelineId next) throws IOException {}
}
