package org.walstream.wal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.crafted.CraftedWal;

class RecordBatchTest {

  private static final long SEED = Long.getLong("walstream.test.seed", System.nanoTime());

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  /// What a record says that does not come from the object it is decoded into.
  private record Said(long lsn, long endLsn, long prevLsn, int crc, List<Byte> main) {

    static Said by(DecodedXLogRecord record) {
      List<Byte> main = new ArrayList<>();
      for (byte b : record.main().toArray()) {
        main.add(b);
      }
      return new Said(record.lsn(), record.endLsn(), record.prevLsn(), record.crc(), main);
    }
  }

  @Test
  void recordsAreDecodedElsewhereAsTheReaderGaveThem() throws Exception {
    var wal = CraftedWal.of(WalFormat.PG_17).fill(random, 300_000);
    var reader = new RecordReader(wal.segmentSize(), 0, TimelineId.FIRST);
    reader.start(wal.startLsn());
    reader.input(wal.startLsn(), ByteBuffer.wrap(wal.bytes()));
    List<RecordBatch> batches = new ArrayList<>();
    batches.add(new RecordBatch(20_000));
    List<Said> read = new ArrayList<>();
    while (reader.next() instanceof DecodedXLogRecord record) {
      read.add(Said.by(record));
      if (!batches.getLast().add(record)) {
        batches.add(new RecordBatch(20_000));
        assertThat(batches.getLast().add(record)).isTrue();
      }
    }
    assertThat(batches).hasSizeGreaterThan(10);
    List<Future<List<Said>>> decoded = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(3)) {
      for (RecordBatch batch : batches) {
        decoded.add(threads.submit(() -> decode(batch)));
      }
    }
    List<Said> said = new ArrayList<>();
    for (Future<List<Said>> batch : decoded) {
      said.addAll(batch.get());
    }
    assertThat(said).as("seed %d", SEED).isEqualTo(read);
  }

  private static List<Said> decode(RecordBatch batch) {
    var decoder = new RecordDecoder();
    var record = new DecodedXLogRecord();
    List<Said> said = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      batch.decode(i, decoder, record);
      assertThat(record.format()).isEqualTo(WalFormat.PG_17);
      assertThat(batch.lsn(i)).isEqualTo(record.lsn());
      assertThat(batch.endLsn(i)).isEqualTo(record.endLsn());
      said.add(Said.by(record));
    }
    return said;
  }

  @Test
  void aRecordLargerThanABatchGetsOneOfItsOwn() {
    var batch = new RecordBatch(100);
    DecodedXLogRecord small = CraftedRecord.of(WalFormat.PG_18, 10, 0).zeros(10).decoded();
    DecodedXLogRecord large = CraftedRecord.of(WalFormat.PG_18, 10, 0).zeros(500).decoded();
    assertThat(batch.add(small)).isTrue();
    assertThat(batch.add(large)).isFalse();
    assertThat(batch.count()).isEqualTo(1);
    assertThat(batch.clear().add(large)).isTrue();
    assertThat(batch.add(small)).isFalse();
    var record = new DecodedXLogRecord();
    batch.decode(0, new RecordDecoder(), record);
    assertThat(record.main().length()).isEqualTo(500);
    assertThat(batch.byteCount()).isEqualTo(record.totalLength());
    assertThat(batch.clear().add(small)).isTrue();
    assertThat(batch.add(small)).isTrue();
    assertThat(batch.add(small)).isFalse();
  }

  @Test
  void nothingOfARecordIsLeftInTheNext() {
    var batch = new RecordBatch(1000);
    byte[] data = {1, 2, 3};
    batch.add(
        CraftedRecord.of(WalFormat.PG_18, 10, 0)
            .block(0, 0, 7, data)
            .block(1, 0, 8, data)
            .image(2, 0, 9, BlockReference.BKPIMAGE_HAS_HOLE, 100, 50, 0)
            .block(3, 0, 10, data)
            .origin(5)
            .u8(1)
            .decoded());
    batch.add(CraftedRecord.of(WalFormat.PG_18, 10, 0).block(2, 0, 11, data).decoded());
    var decoder = new RecordDecoder();
    var record = new DecodedXLogRecord();
    batch.decode(0, decoder, record);
    assertThat(record.hasImage()).isTrue();
    batch.decode(1, decoder, record);
    assertThat(record.maxBlockId()).isEqualTo(2);
    for (int id : new int[] {0, 1, 3}) {
      assertThat(record.hasBlock(id)).isFalse();
      assertThat(record.block(id).data().length()).isZero();
    }
    assertThat(record.block(2).hasImage()).isFalse();
    assertThat(record.block(2).image().length()).isZero();
    assertThat(record.block(2).blockNumber()).isEqualTo(11);
    assertThat(record.origin()).isZero();
    assertThat(record.main().length()).isZero();
  }

  @Test
  void takesRecordsOfOneVersion() {
    var batch = new RecordBatch(1000);
    batch.add(CraftedRecord.of(WalFormat.PG_18, 10, 0).zeros(10).decoded());
    DecodedXLogRecord other = CraftedRecord.of(WalFormat.PG_15, 10, 0).zeros(10).decoded();
    assertThatThrownBy(() -> batch.add(other)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> batch.lsn(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void bytesOfARecordGoStraightIntoMemory() {
    DecodedXLogRecord record =
        CraftedRecord.of(WalFormat.PG_18, 10, 0)
            .block(0, 0, 7, new byte[] {1, 2, 3, 4})
            .u8(9)
            .decoded();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8);
      record.block(0).data().copyTo(memory, 1);
      record.block(0).data().copyTo(2, 2, memory, 6);
      assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 1, 2, 3, 4, 0, 3, 4);
      assertThatThrownBy(() -> record.block(0).data().copyTo(3, 2, memory, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> record.main().copyTo(memory, 8))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
