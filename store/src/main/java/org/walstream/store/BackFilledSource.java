package org.walstream.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.store.backfill.BackFill;
import org.walstream.store.backfill.OwnWal;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.HistorySource;
import org.walstream.wal.record.WalSource;

/// WAL that is here, and what is older than it, fetched as it is asked for. While one older segment
/// is read the next is fetched. One reader's.
final class BackFilledSource implements WalSource, Closeable {

  private final OwnWal own;
  private final WalSource here;
  private final BackFill backFill;
  private final SegmentReader reader;
  private final HistorySource fetched;
  private final ByteBuffer nothing = ByteBuffer.allocate(0);

  /// The fetched segment being read.
  private @Nullable WalSegmentName current;

  private boolean readFetched;

  BackFilledSource(
      OwnWal own,
      WalSource here,
      BackFill backFill,
      WalSegmentSize segmentSize,
      TimelineHistory history) {
    this.own = own;
    this.here = here;
    this.backFill = backFill;
    this.reader = backFill.reader();
    this.fetched = new HistorySource(reader, segmentSize, history);
  }

  @Override
  public TimelineId timeline() {
    return readFetched ? fetched.timeline() : here.timeline();
  }

  /// Waits for what has to be fetched.
  @Override
  public int read(long lsn, ByteBuffer into) throws IOException {
    if (!isInCurrent(lsn)) {
      readFetched = false;
      int read = here.read(lsn, into);
      if (read != ABSENT || !own.isOlder(lsn)) {
        return read;
      }
      if (!fetch(lsn, () -> false)) {
        throw new InterruptedIOException("interrupted while WAL was fetched");
      }
    }
    readFetched = true;
    return fetched.read(lsn, into);
  }

  /// Waits until the WAL at `lsn` can be read without waiting, or is certainly absent, or `unless`
  /// holds.
  ///
  /// @return false when `unless` came first
  /// @throws OlderWalException if it cannot be had
  boolean await(long lsn, BooleanSupplier unless) throws IOException {
    if (isInCurrent(lsn) || here.read(lsn, nothing) != ABSENT || !own.isOlder(lsn)) {
      return true;
    }
    return fetch(lsn, unless);
  }

  private boolean isInCurrent(long lsn) {
    WalSegmentName segment = current;
    return segment != null
        && !Lsn.isBefore(lsn, segment.startLsn())
        && Lsn.isBefore(lsn, segment.endLsn());
  }

  private boolean fetch(long lsn, BooleanSupplier unless) throws IOException {
    current = null;
    WalSegmentName segment = fetched.firstChoice(lsn);
    try {
      if (!backFill.request(segment).await(unless)) {
        return false;
      }
    } catch (WalRemovedException nobodyHasIt) {
      throw nobodyHasIt;
    } catch (IOException e) {
      throw new OlderWalException(segment.fileName(), e);
    }
    current = segment;
    fetchAhead(segment.endLsn());
    return true;
  }

  /// What comes of it is looked at when it is read.
  private void fetchAhead(long lsn) {
    WalSegmentName next = fetched.firstChoice(lsn);
    if (own.isOlder(lsn) && !own.has(next)) {
      var _ = backFill.request(next);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
