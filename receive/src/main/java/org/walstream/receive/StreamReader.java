package org.walstream.receive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Check;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.WalDefect;
import org.walstream.wal.record.WalVerifier;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.Frame;
import org.walstream.wire.replication.PrimaryKeepalive;
import org.walstream.wire.replication.SenderMessage;
import org.walstream.wire.replication.XLogData;

/// The hot path: takes WAL out of the stream and hands it on, without copying and without
/// allocating.
///
/// WAL lands where it belongs. A slot is one megabyte of memory that stands for one aligned
/// megabyte of the stream, so a byte's place in it is its LSN; each read of the kernel fills the
/// slot with the rest of a message and the header buffer with the head of the next:
///
/// ```
///   slot    │ handed on │ not proven │ rest of the message │       header  │'d' length 'w' start end time│
///           │           pendingLsn   nextLsn ─── read ───▶ │               │ ─────────── read ──────────▶│
/// ```
///
/// What has been received is handed on when the slot is full, and when the socket runs dry between
/// two messages: within one, the rest is on its way already. Handed on means verified and appended,
/// whole records at a time: the beginning of a record waits for its end, so that corrupt WAL does
/// not even reach the file. There are two slots for that, used in turn; a record longer than a slot
/// is handed on in pieces.
///
/// One stream, one platform thread. Numbers behind the shape: docs/adr.
final class StreamReader {

  /// Why reading ended.
  enum End {
    /// The sender has no more: the timeline ends.
    SENDER_DONE,
    /// We have what we want, or were told to stop. More data may be under way.
    STOPPED
  }

  /// Smaller slots cost a third of the rate, larger ones gain nothing.
  static final int SLOT_BYTES = 1 << 20;

  private static final int SLOT_SHIFT = Integer.numberOfTrailingZeros(SLOT_BYTES);

  private static final int PAGE_ALIGNMENT = 4096;
  private static final int WAL_HEADER = Frame.HEADER_LENGTH + XLogData.HEADER_LENGTH;
  private static final int KEEPALIVE = Frame.HEADER_LENGTH + PrimaryKeepalive.LENGTH;
  private static final int TAG_AT = Frame.HEADER_LENGTH;
  private static final int BODY_LENGTH_MAX = 1 << 30;

  private final StreamInput input;
  private final StreamObserver observer;
  private final @Nullable WalVerifier verifier;

  private final ByteBuffer[] slots;
  private final ByteBuffer header = ByteBuffer.allocateDirect(WAL_HEADER);
  private final ByteBuffer[] slotOnly = {header};
  private final ByteBuffer[] slotThenHeader = {header, header};
  private final ByteBuffer[] headerOnly = {header};

  /// The position of the first byte of the slot in use: a multiple of its size.
  private long slotLsn;

  /// What has been received and not handed on: from here up to `nextLsn`, at most the slot in use
  /// and the one before it.
  private long pendingLsn;

  /// What has been received and not verified: from here up to `nextLsn`, within the slot in use.
  private long unverifiedLsn;

  /// The position of the next byte to come.
  private long nextLsn;

  /// @param verifier stands where the stream begins; null when nothing is to be verified
  /// @param slots memory from [#newSlots], reused from stream to stream
  StreamReader(
      StreamInput input,
      StreamOrigin origin,
      StreamObserver observer,
      @Nullable WalVerifier verifier,
      ByteBuffer[] slots) {
    this.input = input;
    this.observer = observer;
    this.verifier = verifier;
    this.slots = slots;
    this.nextLsn = origin.startLsn();
    this.pendingLsn = nextLsn;
    this.unverifiedLsn = nextLsn;
    slotLsn = nextLsn & -SLOT_BYTES;
    useSlot();
    Check.state(
        verifier == null || verifier.position() == nextLsn, "the verifier stands somewhere else");
  }

  static ByteBuffer[] newSlots() {
    ByteBuffer memory =
        ByteBuffer.allocateDirect(2 * SLOT_BYTES + PAGE_ALIGNMENT).alignedSlice(PAGE_ALIGNMENT);
    return new ByteBuffer[] {memory.slice(0, SLOT_BYTES), memory.slice(SLOT_BYTES, SLOT_BYTES)};
  }

  /// The position of the next byte to come: everything before it has been handed on once [#read]
  /// has returned.
  long nextLsn() {
    return nextLsn;
  }

  /// Reads until the stream ends, or `observer` has enough.
  ///
  /// @throws CorruptWalException at the first record that is not good; those before it have been
  ///   handed on
  /// @throws EOFException if the sender is gone
  End read() throws IOException {
    while (!observer.enough(nextLsn)) {
      fillHeader(Frame.HEADER_LENGTH);
      if (header.get(0) != CopyData.TAG) {
        handOnAll();
        boolean goesOn = input.interlude(header.flip());
        header.clear();
        if (!goesOn) {
          return End.SENDER_DONE;
        }
      } else {
        copyData(Frame.bodyLength(header, 0, BODY_LENGTH_MAX));
      }
    }
    handOnAll();
    return End.STOPPED;
  }

  private void copyData(int bodyLength) throws IOException {
    if (bodyLength == 0) {
      throw new ProtocolViolation("empty CopyData message in a replication stream");
    }
    fillHeader(Frame.HEADER_LENGTH + 1);
    byte tag = header.get(TAG_AT);
    switch (tag) {
      case XLogData.TAG -> {
        XLogData.requireHeader(bodyLength);
        fillHeader(WAL_HEADER);
        walData(bodyLength - XLogData.HEADER_LENGTH);
      }
      case PrimaryKeepalive.TAG -> {
        PrimaryKeepalive.requireLength(bodyLength);
        fillHeader(KEEPALIVE);
        keepalive();
      }
      default -> throw new ProtocolViolation(SenderMessage.unrecognized(tag));
    }
  }

  private void walData(int length) throws IOException {
    long startLsn = XLogData.startLsn(header, TAG_AT);
    if (startLsn != nextLsn) {
      throw new ProtocolViolation(
          "got WAL data at %s, expected %s".formatted(Lsn.format(startLsn), Lsn.format(nextLsn)));
    }
    long walEndLsn = XLogData.walEndLsn(header, TAG_AT);
    long sendTime = XLogData.sendTimeMicros(header, TAG_AT);
    header.clear();
    receive(length);
    observer.message(walEndLsn, sendTime);
  }

  /// Receives `length` bytes of WAL into the slot, and whatever is there of the next header after
  /// them.
  private void receive(int length) throws IOException {
    int left = length;
    while (left > 0) {
      int at = (int) (nextLsn - slotLsn);
      int wanted = Math.min(left, SLOT_BYTES - at);
      slot(slotLsn).limit(at + wanted).position(at);
      read(wanted == left ? slotThenHeader : slotOnly);
      int got = slot(slotLsn).position() - at;
      nextLsn += got;
      left -= got;
      if (nextLsn - slotLsn == SLOT_BYTES) {
        handOn();
        enterSlot();
      }
    }
  }

  private void keepalive() throws IOException {
    int limit = header.flip().limit();
    var message = PrimaryKeepalive.decode(header.limit(KEEPALIVE).position(TAG_AT + 1));
    header.limit(limit).compact();
    if (message.replyRequested()) {
      handOn();
    }
    observer.message(message.walEndLsn(), message.sendTimeMicros());
    if (message.replyRequested()) {
      observer.replyRequested();
    }
  }

  /// Waits until the header buffer holds `count` bytes. This is where the reader stands when there
  /// is nothing to read, so what has been received is handed on first.
  private void fillHeader(int count) throws IOException {
    if (header.position() >= count) {
      return;
    }
    handOn();
    while (header.position() < count) {
      read(headerOnly);
    }
  }

  private void read(ByteBuffer[] into) throws IOException {
    if (input.read(into) < 0) {
      handOn();
      throw new EOFException("server closed the connection unexpectedly");
    }
  }

  /// Verifies what has been received, and appends what is proven by it.
  private void handOn() throws IOException {
    if (unverifiedLsn == nextLsn) {
      return;
    }
    if (verifier == null) {
      append(nextLsn, nextLsn);
    } else {
      verify(verifier);
    }
    unverifiedLsn = nextLsn;
  }

  private void verify(WalVerifier verifier) throws IOException {
    ByteBuffer wal =
        slot(slotLsn).limit((int) (nextLsn - slotLsn)).position((int) (unverifiedLsn - slotLsn));
    boolean good = verifier.feed(unverifiedLsn, wal);
    long verifiedLsn = verifier.verifiedLsn();
    append(verifiedLsn, verifiedLsn);
    WalDefect defect = verifier.defect();
    if (!good && defect != null) {
      List<ByteBuffer> pieces = pending();
      long bytes = pieces.stream().mapToLong(ByteBuffer::remaining).sum();
      throw new CorruptWalException(
          defect, verifiedLsn, bytes, observer.corrupt(pendingLsn, pieces));
    }
  }

  /// What has been received and not handed on.
  private List<ByteBuffer> pending() {
    var pieces = new ArrayList<ByteBuffer>();
    for (long lsn = pendingLsn; Lsn.isBefore(lsn, nextLsn); ) {
      long base = lsn & -SLOT_BYTES;
      long end = Lsn.min(nextLsn, base + SLOT_BYTES);
      pieces.add(slot(base).duplicate().limit((int) (end - base)).position((int) (lsn - base)));
      lsn = end;
    }
    return pieces;
  }

  /// Appends even what is not proven: there will be no more of it, or no room to wait.
  private void handOnAll() throws IOException {
    handOn();
    append(nextLsn, verifier == null ? nextLsn : verifier.verifiedLsn());
  }

  /// Appends everything pending up to `endLsn`.
  private void append(long endLsn, long provenLsn) throws IOException {
    while (Lsn.isBefore(pendingLsn, endLsn)) {
      long lsn = pendingLsn;
      long base = lsn & -SLOT_BYTES;
      long end = Lsn.min(endLsn, base + SLOT_BYTES);
      ByteBuffer wal = slot(base).limit((int) (end - base)).position((int) (lsn - base));
      pendingLsn = end;
      observer.wal(lsn, wal, provenLsn);
    }
  }

  /// Goes on in the slot that `nextLsn` belongs to. What is still pending in it, from two slots
  /// ago, has to go.
  private void enterSlot() throws IOException {
    slotLsn = nextLsn & -SLOT_BYTES;
    append(slotLsn - SLOT_BYTES, verifier == null ? nextLsn : verifier.verifiedLsn());
    useSlot();
  }

  private void useSlot() {
    slotOnly[0] = slot(slotLsn);
    slotThenHeader[0] = slot(slotLsn);
  }

  private ByteBuffer slot(long lsn) {
    return slots[(int) (lsn >>> SLOT_SHIFT) & 1];
  }
}
