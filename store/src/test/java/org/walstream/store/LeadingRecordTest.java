package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedWal;

/// WAL that begins in the midst of a record.
@Timeout(600)
class LeadingRecordTest {

  private static final int MB = 1 << 20;
  private static final long START = 4 << 20;
  private static final TimelineId TIMELINE = TimelineId.FIRST;

  @TempDir Path directory;

  private final CraftedWal wal = CraftedWal.of(WalFormat.PG_18);
  private final long crossingEnd;
  private final long end;

  LeadingRecordTest() {
    while (wal.endLsn() < START - 10_000) {
      wal.record(3_000);
    }
    wal.record(60_000); // over the start of segment 4, and some pages of it
    crossingEnd = wal.endLsn();
    wal.record(500);
    end = wal.endLsn();
    while (wal.endLsn() < START + MB + 100_000) {
      wal.record(20_000);
    }
  }

  @BeforeEach
  void write() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      append(open(store, START), START, end);
    }
  }

  @Test
  void whatNoCrcProvesIsThereOnlyWhenItIsMarkedDurable() throws IOException {
    assertThat(mark()).exists();
    assertThat(recoveredEnd()).isEqualTo(end);
    Files.delete(mark());
    assertThat(recoveredEnd()).isEqualTo(START);
  }

  @Test
  void theStreamWritesOverWhatWasNotMarked() throws IOException {
    Files.delete(mark());
    tear(START + 10_000);
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      append(open(store, START), START, end);
    }
    assertThat(mark()).exists();
    assertThat(recoveredEnd()).isEqualTo(end);
    assertThat(Files.readAllBytes(partial())).startsWith(at(wal, START, end).array());
  }

  @Test
  void aFinishedSegmentNeedsNoMark() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      append(open(store, START), START, wal.endLsn());
    }
    assertThat(recoveredEnd()).isEqualTo(wal.endLsn());
    assertThat(directory).isDirectoryNotContaining("glob:**.begun");
  }

  @Test
  void nothingIsToldOfBeforeTheMarkIsThere() throws IOException {
    Files.delete(mark());
    Files.delete(partial());
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      append(log, START, crossingEnd - 1);
      assertThat(mark()).doesNotExist();
      append(log, crossingEnd - 1, crossingEnd);
      assertThat(mark()).exists();
    }
  }

  @Test
  void aRecordWhoseStartIsHereProvesItself() throws IOException {
    Files.delete(mark());
    Files.delete(partial());
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      append(open(store, START - MB), START - MB, START);
    }
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      append(open(store, START), START, end);
    }
    assertThat(recoveredEnd()).isEqualTo(end);
    assertThat(mark()).doesNotExist();
    tear(START + 10_000);
    assertThat(recoveredEnd()).isEqualTo(START);
  }

  @Test
  void oneThatFillsASegmentIsMarkedWhereItEnds() throws IOException {
    CraftedWal big = CraftedWal.of(WalFormat.PG_18);
    while (big.endLsn() < START - 10_000) {
      big.record(3_000);
    }
    big.record(MB + 200_000);
    big.record(100);
    Files.delete(mark());
    Files.delete(partial());
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      open(store, START).append(START, at(big, START, big.endLsn()));
    }
    Path second = directory.resolve(".000000010000000000000005.begun");
    assertThat(second).exists();
    assertThat(mark()).doesNotExist();
    assertThat(recoveredEnd()).isEqualTo(big.endLsn());
    Files.delete(second);
    assertThat(recoveredEnd()).isEqualTo(START + MB);
  }

  private WalLog open(WalStore store, long lsn) throws IOException {
    return store.openLog(CraftedWal.SYSTEM_IDENTIFIER, wal.segmentSize(), TIMELINE, lsn);
  }

  private void append(WalLog log, long from, long to) throws IOException {
    log.append(from, at(wal, from, to));
  }

  private static ByteBuffer at(CraftedWal wal, long from, long to) {
    byte[] bytes = new byte[(int) (to - from)];
    System.arraycopy(wal.bytes(), wal.offset(from), bytes, 0, bytes.length);
    return ByteBuffer.wrap(bytes);
  }

  private long recoveredEnd() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      return store.currentLog().orElseThrow().writtenLsn();
    }
  }

  private void tear(long lsn) throws IOException {
    try (var file = Files.newByteChannel(partial(), StandardOpenOption.WRITE)) {
      file.position(lsn - START).write(ByteBuffer.allocate(512));
    }
  }

  private Path mark() {
    return directory.resolve(".000000010000000000000004.begun");
  }

  private Path partial() {
    return directory.resolve("000000010000000000000004.partial");
  }
}
