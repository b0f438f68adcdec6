package org.walstream.wire.tls;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.walstream.wire.transport.Transport;

/// TLS over another transport.
///
/// ```
/// read:   other ─▶ records ─▶ engine ─▶ where the reader wants it
///                                   └─▶ rest: what of a record had no room there
/// write:  what is to be sent ─▶ engine ─▶ a buffer for four records ─▶ other
/// ```
///
/// Whole records are decrypted straight into the reader's buffers. A connection that waits holds
/// only as much memory as its longest record needed; on the heap, see [RecordBuffers].
///
/// What the other side wants while the stream goes on, such as new keys, is answered by the reader
/// if nobody writes at that moment; else it goes out ahead of what is written next. So a reader
/// never waits for a writer.
public final class TlsTransport implements Transport {

  private static final int HEADER_BYTES = 5;
  private static final int FIRST_RECORD_TYPE = 20;
  private static final int LAST_RECORD_TYPE = 24;
  private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

  private final Transport other;
  private final SSLEngine engine;
  private final ReentrantLock writing = new ReentrantLock();

  /// Encrypted bytes that have come; always ready to be read from. The reader's.
  private ByteBuffer records;

  /// Decrypted bytes that had no room; always ready to be read from. The reader's.
  private ByteBuffer rest = ByteBuffer.allocate(0);

  /// The reader's buffers with `rest` behind them.
  private ByteBuffer[] targets = {};

  private final ByteBuffer[] single = new ByteBuffer[1];
  private boolean ended;

  private TlsTransport(Transport other, SSLEngine engine, ByteBuffer records) {
    this.other = other;
    this.engine = engine;
    this.records = records;
  }

  /// Shakes hands over `other`.
  ///
  /// @param already bytes that were read before they were known to be TLS's
  /// @param readAhead how many bytes to ask the other transport for at a time, at least; a longer
  ///   record finds room too
  /// @throws SSLException if the two do not agree; the other side has been told
  /// @throws EOFException if the other side leaves instead
  static TlsTransport over(Transport other, SSLEngine engine, ByteBuffer already, int readAhead)
      throws IOException {
    var records = ByteBuffer.allocate(Math.max(readAhead, already.remaining()));
    var transport = new TlsTransport(other, engine, records.put(already).flip());
    try {
      engine.beginHandshake();
      transport.shakeHands();
    } catch (SSLException e) {
      transport.sendAlert();
      throw e;
    }
    if (!transport.records.hasRemaining() && transport.records.capacity() > readAhead) {
      transport.records = ByteBuffer.allocate(readAhead).flip(); // it was for certificates
    }
    return transport;
  }

  /// What was agreed on.
  public TlsSession session() {
    return TlsSession.of(engine);
  }

  private void shakeHands() throws IOException {
    HandshakeStatus status = engine.getHandshakeStatus();
    while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
      switch (status) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> writeRecords(NOTHING);
        default -> readHandshake();
      }
      status = engine.getHandshakeStatus();
    }
  }

  private void readHandshake() throws IOException {
    while (records.remaining() < recordLength()) {
      if (!fill()) {
        throw new EOFException("SSL SYSCALL error: EOF detected");
      }
    }
    makeRest();
    Optional<String> alert = TlsAlert.inClear(records);
    SSLEngineResult result;
    try {
      result = engine.unwrap(records, rest);
    } catch (SSLException e) {
      throw alert.isEmpty() ? e : TlsAlert.received(alert.get(), e);
    } finally {
      rest.flip();
    }
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new EOFException("SSL SYSCALL error: EOF detected");
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /// What was wrong, for the other side: as far as it still listens.
  private void sendAlert() {
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        writeRecords(NOTHING);
      }
    } catch (IOException gone) {
      // it has said all it wanted to
    }
  }

  /// How many bytes there must be for the next record to be whole, header included; of what is no
  /// record, as many as the engine needs to see that.
  private int recordLength() {
    if (records.remaining() < HEADER_BYTES || !isRecordType(records.get(records.position()))) {
      return HEADER_BYTES;
    }
    return HEADER_BYTES
        + Short.toUnsignedInt(records.getShort(records.position() + HEADER_BYTES - 2));
  }

  /// Source: RFC 8446, section 5.1.
  private static boolean isRecordType(byte type) {
    return type >= FIRST_RECORD_TYPE && type <= LAST_RECORD_TYPE;
  }

  /// Reads more encrypted bytes.
  ///
  /// @return false at the end
  private boolean fill() throws IOException {
    int needed = recordLength();
    if (needed > engine.getSession().getPacketBufferSize()) {
      throw new SSLException("wrong version number"); // what comes is no TLS
    }
    if (needed > records.capacity()) {
      records = ByteBuffer.allocate(needed).put(records);
    } else {
      records.compact();
    }
    try {
      return other.read(records) >= 0;
    } finally {
      records.flip();
    }
  }

  private void makeRest() {
    int needed = Math.max(recordLength(), engine.getSession().getApplicationBufferSize());
    if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
      needed = recordLength();
    }
    if (rest.capacity() < needed) {
      rest = ByteBuffer.allocate(needed);
    }
    rest.clear();
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    single[0] = dst;
    return (int) read(single);
  }

  @Override
  public long read(ByteBuffer[] dsts) throws IOException {
    long room = remaining(dsts);
    if (room == 0) {
      return 0;
    }
    if (rest.hasRemaining()) {
      return takeRest(dsts);
    }
    long left = room;
    while (left > 0 && !rest.hasRemaining() && !ended) {
      if (records.remaining() >= recordLength()) {
        decrypt(dsts, left);
        left = remaining(dsts);
      } else if (left < room) {
        break; // the reader has something to do meanwhile
      } else if (!fill()) {
        ended = true;
      }
    }
    return left == room ? -1 : room - left;
  }

  private long takeRest(ByteBuffer[] dsts) {
    long taken = 0;
    for (ByteBuffer dst : dsts) {
      int count = Math.min(dst.remaining(), rest.remaining());
      dst.put(dst.position(), rest, rest.position(), count).position(dst.position() + count);
      rest.position(rest.position() + count);
      taken += count;
    }
    return taken;
  }

  private void decrypt(ByteBuffer[] dsts, long room) throws IOException {
    SSLEngineResult result = unwrap(dsts, room);
    ended |= result.getStatus() == SSLEngineResult.Status.CLOSED;
    switch (result.getHandshakeStatus()) {
      case NEED_TASK -> runTasks();
      case NEED_WRAP -> answer();
      default -> {}
    }
  }

  private SSLEngineResult unwrap(ByteBuffer[] dsts, long room) throws TlsException {
    try {
      if (room >= recordLength()) {
        return engine.unwrap(records, dsts, 0, dsts.length);
      }
      makeRest();
      try {
        return engine.unwrap(records, withRest(dsts), 0, dsts.length + 1);
      } finally {
        rest.flip();
      }
    } catch (SSLException e) {
      throw new TlsException("SSL error: " + TlsAlert.reason(e), e);
    }
  }

  private ByteBuffer[] withRest(ByteBuffer[] dsts) {
    if (targets.length != dsts.length + 1) {
      targets = new ByteBuffer[dsts.length + 1];
    }
    System.arraycopy(dsts, 0, targets, 0, dsts.length);
    targets[dsts.length] = rest;
    return targets;
  }

  private void answer() throws IOException {
    if (!ended && writing.tryLock()) {
      try {
        writeRecords(NOTHING);
      } finally {
        writing.unlock();
      }
    }
  }

  private static long remaining(ByteBuffer[] buffers) {
    long remaining = 0;
    for (ByteBuffer buffer : buffers) {
      remaining += buffer.remaining();
    }
    return remaining;
  }

  @Override
  public void write(ByteBuffer src) throws IOException {
    write(new ByteBuffer[] {src});
  }

  @Override
  public void write(ByteBuffer[] srcs) throws IOException {
    writing.lock();
    try {
      writeRecords(srcs);
    } finally {
      writing.unlock();
    }
  }

  /// Encrypts all of `srcs`, and what the engine has to say itself before.
  private void writeRecords(ByteBuffer[] srcs) throws IOException {
    ByteBuffer out = RecordBuffers.take();
    try {
      do {
        SSLEngineResult result = engine.wrap(srcs, out);
        switch (result.getStatus()) {
          case OK -> {
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
              runTasks();
            }
          }
          case BUFFER_OVERFLOW -> flush(out);
          case CLOSED -> {
            flush(out); // an alert, perhaps
            if (remaining(srcs) > 0) {
              throw new ClosedChannelException();
            }
          }
          case BUFFER_UNDERFLOW -> throw new SSLException("the engine lacks input to write");
        }
      } while (remaining(srcs) > 0);
      flush(out);
    } finally {
      RecordBuffers.give(out);
    }
  }

  private void flush(ByteBuffer out) throws IOException {
    other.write(out.flip());
    out.clear();
  }

  /// Says that nothing more will be written, so that the other side can tell the end from a
  /// connection that was cut.
  @Override
  public void end() throws IOException {
    writing.lock();
    try {
      engine.closeOutbound();
      while (!engine.isOutboundDone()) {
        writeRecords(NOTHING);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void shutdownInput() throws IOException {
    other.shutdownInput();
  }

  @Override
  public SocketAddress peerAddress() {
    return other.peerAddress();
  }

  @Override
  public boolean isOpen() {
    return other.isOpen();
  }

  @Override
  public void close() throws IOException {
    other.close();
  }

  @Override
  public String toString() {
    return "TlsTransport[" + other + "]";
  }
}
