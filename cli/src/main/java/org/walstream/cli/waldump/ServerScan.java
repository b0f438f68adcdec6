package org.walstream.cli.waldump;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.walstream.receive.DisconnectedException;
import org.walstream.receive.HandlerSink;
import org.walstream.receive.ReceiveListener;
import org.walstream.receive.ReceiveOptions;
import org.walstream.receive.WalHandler;
import org.walstream.receive.WalPosition;
import org.walstream.receive.WalReceiver;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.ReadResult.EndOfRecords;
import org.walstream.wal.record.RecordReader;

/// Reads WAL from a running server, or a relay, over the replication protocol: from the position
/// asked for, or the beginning of the server's current segment, up to where the server is now; or
/// on and on.
///
/// The server sends whole ranges, so here records are pushed where [Scan] pulls them. One thread.
final class ServerScan {

  private static final int PIECE_BYTES = 64 << 10;

  private final ReplicationServer server;
  private final TimelineId timeline;
  private final RecordFilter filter;
  private final RecordSink sink;
  private final Interruption interruption;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private int left = Integer.MAX_VALUE;
  private long startLsn;
  private long endLsn;
  private long firstLsn;
  private long lastLsn;
  private @Nullable ScanEnd end;

  ServerScan(
      ReplicationServer server,
      TimelineId timeline,
      RecordFilter filter,
      RecordSink sink,
      Interruption interruption) {
    this.server = server;
    this.timeline = timeline;
    this.filter = filter;
    this.sink = sink;
    this.interruption = interruption;
  }

  /// Ends after so many records that pass the filter; 0 or less: not at all.
  ServerScan limit(int records) {
    left = records > 0 ? records : Integer.MAX_VALUE;
    return this;
  }

  /// Where the first record that was read starts; 0 when none was.
  long firstLsn() {
    return firstLsn;
  }

  /// Reads to the end. What the sink still keeps is given out.
  ///
  /// @param from 0: the beginning of the server's current segment
  /// @param to 0: where the server is now, unless there is more to `follow`
  ScanEnd run(long from, long to, boolean follow) throws IOException {
    long serverLsn = server.system().flushLsn();
    WalSegmentSize segmentSize = server.segmentSize();
    startLsn = from == 0 ? segmentSize.startOfSegment(serverLsn) : from;
    endLsn = to == 0 && !follow ? serverLsn : to;
    if (endLsn != 0 && !Lsn.isBefore(startLsn, endLsn)) {
      return new ScanEnd.Complete();
    }
    var position = new WalPosition(timeline, segmentSize.startOfSegment(startLsn));
    var records = new RecordReader(segmentSize, server.system().systemIdentifier(), timeline);
    records.start(position.lsn());
    stream(position, new Handler(records));
    sink.emit();
    ScanEnd reached = end;
    return reached == null ? new ScanEnd.Interrupted() : reached;
  }

  private void stream(WalPosition from, Handler handler) throws IOException {
    var options =
        ReceiveOptions.from(server.conninfo(), server.environment())
            .retry(false)
            .verifyWal(false) // RecordReader does
            .build();
    var receiver =
        new WalReceiver(options, HandlerSink.from(from, handler), ReceiveListener.SILENT);
    handler.receiver = receiver;
    interruption.then(receiver::stop);
    if (!interruption.getAsBoolean()) {
      try {
        receiver.run();
      } catch (DisconnectedException e) {
        throw e.reason() instanceof IOException io ? io : e;
      }
    }
  }

  private final class Handler implements WalHandler {

    private final RecordReader records;
    private @Nullable WalReceiver receiver;

    Handler(RecordReader records) {
      this.records = records;
    }

    @Override
    public void wal(long lsn, ByteBuffer wal) throws IOException {
      long at = lsn;
      while (wal.hasRemaining() && end == null) {
        int length = Math.min(wal.remaining(), PIECE_BYTES);
        if (endLsn != 0) {
          length = (int) Math.min(length, endLsn - at);
        }
        piece.clear().put(0, wal, wal.position(), length).limit(length);
        wal.position(wal.position() + length);
        records.input(at, piece);
        at += length;
        read();
        if (endLsn != 0 && end == null && !Lsn.isBefore(at, endLsn)) {
          finish(new ScanEnd.Complete());
        }
      }
      sink.emit();
    }

    @Override
    public void timelineEnded(long switchLsn, TimelineId next) {
      finish(new ScanEnd.Complete());
    }

    private void read() throws IOException {
      ReadResult result = records.next();
      while (result instanceof DecodedXLogRecord record && end == null) {
        if (!Lsn.isBefore(record.lsn(), startLsn)) {
          take(record);
        }
        result = records.next();
      }
      if (result instanceof EndOfRecords wrong && end == null) {
        finish(ScanEnd.of(wrong, lastLsn));
      }
    }

    private void take(DecodedXLogRecord record) throws IOException {
      lastLsn = record.lsn();
      firstLsn = firstLsn == 0 ? record.lsn() : firstLsn;
      if (filter.accepts(record)) {
        sink.accept(record);
        if (sink.isFull()) {
          sink.emit();
        }
        if (--left == 0) {
          finish(new ScanEnd.Complete());
        }
      }
    }

    private void finish(ScanEnd reason) {
      end = reason;
      if (receiver != null) {
        receiver.stop();
      }
    }
  }
}
