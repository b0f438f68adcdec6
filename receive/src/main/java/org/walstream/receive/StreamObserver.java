package org.walstream.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// What a [StreamReader] tells of, on the reading thread.
interface StreamObserver {

  /// WAL to be kept, valid only during the call.
  ///
  /// @param provenLsn what may be acknowledged once it is durable
  void wal(long lsn, ByteBuffer wal, long provenLsn) throws IOException;

  /// WAL that is not good, from the end of what was good on: it goes no further. Valid only during
  /// the call.
  ///
  /// @param pieces one after the other
  /// @return where it is kept to be looked at, if it is
  default Optional<String> corrupt(long lsn, List<ByteBuffer> pieces) {
    return Optional.empty();
  }

  /// A message has been taken in whole; its WAL may be handed on later.
  void message(long walEndLsn, long sendTimeMicros);

  /// The sender wants to hear from us. All WAL received so far has been handed on.
  void replyRequested();

  /// Asked between messages: true when nothing after `nextLsn` is wanted.
  boolean enough(long nextLsn);
}
