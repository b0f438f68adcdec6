package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// The server waits for the next command.
///
/// ```
/// 'Z'  length  transaction status (1): 'I' idle, 'T' in a transaction, 'E' in a failed one
/// ```
public record ReadyForQuery(byte transactionStatus) implements BackendMessage {

  public static final byte TAG = 'Z';

  /// Ready, and outside of any transaction.
  public static final ReadyForQuery IDLE = new ReadyForQuery((byte) 'I');

  static ReadyForQuery decode(ByteBuffer body) throws ProtocolViolation {
    return new ReadyForQuery(Body.int8(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return 1;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.put(transactionStatus);
  }
}
