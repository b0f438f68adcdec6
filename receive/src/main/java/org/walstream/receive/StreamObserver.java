package org.walstream.receive;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What a [StreamReader] tells of, on the reading thread.
interface StreamObserver {

  /// WAL to be kept, valid only during the call.
  ///
  /// @param provenLsn what may be acknowledged once it is durable
  void wal(long lsn, ByteBuffer wal, long provenLsn) throws IOException;

  /// A message has been taken in whole; its WAL may be handed on later.
  void message(long walEndLsn, long sendTimeMicros);

  /// The sender wants to hear from us. All WAL received so far has been handed on.
  void replyRequested();

  /// Asked between messages: true when nothing after `nextLsn` is wanted.
  boolean enough(long nextLsn);
}
