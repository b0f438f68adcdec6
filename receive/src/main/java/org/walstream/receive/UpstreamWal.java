package org.walstream.receive;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.walstream.store.backfill.OlderWal;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.machine.Machine;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.Frame;
import org.walstream.wire.replication.StandbyStatusUpdate;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.Watchdog;

/// The upstream's older WAL, by the segment: each over a connection of its own, beside the one that
/// [WalReceiver] streams over.
///
/// Such a stream never reports a position: a primary that waits for standbys of this name must not
/// take it for one. Any thread.
public final class UpstreamWal implements OlderWal {

  private final Supplier<ReceiveOptions> settings;
  private final Network network;
  private final StopSignal stop = new StopSignal();

  /// @param settings how the upstream is reached; asked for at each connection
  public UpstreamWal(Supplier<ReceiveOptions> settings, Network network) {
    this.settings = settings;
    this.network = network;
  }

  @Override
  public void fetch(long systemIdentifier, WalSegmentName segment, Sink sink) throws IOException {
    ask(
        systemIdentifier,
        (session, watchdog) -> {
          if (!session.walSegmentSize().equals(segment.segmentSize())) {
            throw new ReceiveException(
                "the upstream's WAL segments are of another size than %d bytes"
                    .formatted(segment.segmentSize().bytes()));
          }
          stream(
              session,
              systemIdentifier,
              segment,
              new Segment(session, watchdog, segment, sink, network.machine()));
          return segment;
        });
  }

  private static void stream(
      ReplicationSession session, long systemIdentifier, WalSegmentName segment, Segment observer)
      throws IOException {
    var origin =
        new StreamOrigin(
            systemIdentifier, segment.segmentSize(), segment.timeline(), segment.startLsn());
    Optional<WalPosition> next = session.startReplication(origin, Optional.empty());
    if (next.isEmpty()) {
      var reader =
          new StreamReader(
              StreamInput.of(session.client()), origin, observer, null, StreamReader.newSlots());
      if (reader.read() == StreamReader.End.SENDER_DONE) {
        next = session.endReplication(() -> {});
      }
    }
    if (next.isPresent()) {
      throw new ReceiveException(
          "timeline %s ends at %s on the upstream, before the end of segment %s"
              .formatted(segment.timeline(), Lsn.format(next.get().lsn()), segment));
    }
  }

  @Override
  public byte[] history(long systemIdentifier, TimelineId timeline) throws IOException {
    return ask(systemIdentifier, (session, _) -> session.timelineHistory(timeline));
  }

  @Override
  public void stop() {
    stop.raise();
  }

  private interface Question<T> {
    T ask(ReplicationSession session, Watchdog watchdog) throws IOException;
  }

  private <T> T ask(long systemIdentifier, Question<T> question) throws IOException {
    ReceiveOptions options = settings.get();
    try (var session =
            ReplicationSession.connect(options.impatient(), options.environment(), stop, network);
        var _ = stop.during(session);
        var watchdog =
            new Watchdog(
                session.client().transport(), options.receiverTimeout(), network.machine())) {
      try {
        SystemIdentification system = session.identifySystem();
        if (system.systemIdentifier() != systemIdentifier) {
          throw new ReceiveException(
              "the upstream's system identifier is %s, not %s"
                  .formatted(
                      Long.toUnsignedString(system.systemIdentifier()),
                      Long.toUnsignedString(systemIdentifier)));
        }
        return question.ask(session, watchdog);
      } catch (IOException e) {
        throw watchdog.hasBitten() ? new SocketTimeoutException(ReplyWriter.TIMED_OUT) : refusal(e);
      }
    }
  }

  /// What the upstream has refused is passed on in its own words.
  private static IOException refusal(IOException failure) {
    return failure instanceof ReplicationCommandException refused ? refused.reason() : failure;
  }

  /// One segment passing by.
  private static final class Segment implements StreamObserver {

    private final PgClient client;
    private final Watchdog watchdog;
    private final WalSegmentName segment;
    private final Sink sink;
    private final Machine machine;
    private boolean replyRequested;

    Segment(
        ReplicationSession session,
        Watchdog watchdog,
        WalSegmentName segment,
        Sink sink,
        Machine machine) {
      this.client = session.client();
      this.watchdog = watchdog;
      this.segment = segment;
      this.sink = sink;
      this.machine = machine;
    }

    @Override
    public void wal(long lsn, ByteBuffer wal, long provenLsn) throws IOException {
      if (replyRequested) {
        replyRequested = false;
        sayThatWeAreHere();
      }
      sink.append(lsn, wal);
    }

    @Override
    public void message(long walEndLsn, long sendTimeMicros) {
      watchdog.heard();
    }

    @Override
    public void replyRequested() {
      replyRequested = true;
    }

    @Override
    public boolean enough(long nextLsn) {
      return !Lsn.isBefore(nextLsn, segment.endLsn());
    }

    private void sayThatWeAreHere() throws IOException {
      var update = new StandbyStatusUpdate(0, 0, 0, PgTimestamp.micros(machine.now()), false);
      ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER_LENGTH + update.length());
      Frame.putHeader(frame, CopyData.TAG, update.length());
      update.encode(frame);
      client.transport().write(frame.flip());
    }
  }
}
