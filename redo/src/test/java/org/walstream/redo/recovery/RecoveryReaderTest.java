package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedWal;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.WalSegmentSource;

/// WAL that comes while recovery waits for it.
class RecoveryReaderTest {

  @TempDir Path directory;

  private boolean there;
  private long limitLsn;
  private final List<Runnable> events = new ArrayList<>();

  private RecoveryReader reader(CraftedCluster cluster) {
    RecoveryWal files = cluster.recoveryWal(cluster.history);
    var wal =
        new RecoveryWal() {
          @Override
          public WalSegmentSource all() {
            WalSegmentSource all = files.all();
            return (segment, offset, into) ->
                there ? all.read(segment, offset, into) : WalSegmentSource.ABSENT;
          }

          @Override
          public WalSegmentSource own() {
            return files.own();
          }

          @Override
          public TimelineHistory history() {
            return cluster.history;
          }

          @Override
          public long limitLsn() {
            return limitLsn;
          }

          @Override
          public boolean awaitMore(long lsn, ReadResult why) {
            if (events.isEmpty()) {
              return false;
            }
            events.removeFirst().run();
            return true;
          }

          @Override
          public void restartsAt(long redoLsn, int timeline) {}
        };
    return RecoveryReader.ofAll(wal, cluster.wal.segmentSize(), CraftedWal.SYSTEM_IDENTIFIER);
  }

  @Test
  void isReadAsItComesFromWithinAPageThatWasNotThereAtFirst() throws Exception {
    var cluster = new CraftedCluster(directory, WalFormat.PG_18);
    cluster.wal.record(100);
    long first = cluster.wal.record(100);
    long second = cluster.wal.record(12_000);
    long end = cluster.wal.endLsn();
    cluster.writeWal();
    var reader = reader(cluster);
    events.add(() -> limitLsn = first); // a stream is about to begin
    events.add(() -> there = true);
    events.add(() -> limitLsn = second + 8); // and brings records in pieces
    reader.startAtRecord(first);

    assertThat(reader.await()).isInstanceOf(DecodedXLogRecord.class);
    assertThat(reader.next()).isInstanceOf(ReadResult.NeedMoreData.class);
    for (long piece = second + 4000; piece < end; piece += 4000) {
      long limit = piece;
      events.add(() -> limitLsn = limit);
    }
    events.add(() -> limitLsn = end);
    assertThat(((DecodedXLogRecord) reader.await()).lsn()).isEqualTo(second);
    assertThat(reader.await()).isInstanceOf(ReadResult.NeedMoreData.class);
    assertThat(events).isEmpty();
  }
}
