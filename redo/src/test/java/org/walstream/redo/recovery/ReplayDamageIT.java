package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.file.FileLayer;
import org.walstream.file.NoSpaceException;
import org.walstream.redo.RedoException;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.control.DBState;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.WalReader;
import org.walstream.wal.rmgr.Rmgr;

/// What damaged pages, files, WAL and disks do to a replay: it ends in PostgreSQL's words, has not
/// made anything worse, and comes to the right end once the damage is gone.
@ParameterizedClass
@MethodSource(TestedVersions.OF_LONG_TESTS)
@Timeout(600)
class ReplayDamageIT {

  private static final int PAGE = 8192;

  /// How many of a disk's operations fail, one replay each, spread over all that there are.
  private static final int FAILURES = TestedVersions.HEAVY ? 10 : 4;

  @SuppressWarnings("NullAway.Init") // before each invocation
  private static DamagedReplay damaged;

  @Parameter int major;

  @BeforeParameterizedClassInvocation
  static void makeWal(int major) throws Exception {
    damaged = new DamagedReplay(major);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    damaged.close();
  }

  @BeforeEach
  void beginAnew() throws Exception {
    damaged.fresh();
  }

  @Test
  void nothingIsWrongWithoutDamage() throws IOException {
    damaged.replay();
    damaged.assertSame();
  }

  // ── pages ──

  @Test
  void aPageWithAWrongChecksumEndsReplay() throws Exception {
    change(damaged.bare, file -> flip(file, 3 * PAGE + 5000));
    assertInvalidPage(3);
  }

  @Test
  void aTornPageWithoutAnImageEndsReplay() throws Exception {
    change(damaged.bare, file -> copyHalfPage(file, 4, 3));
    assertInvalidPage(3);
  }

  @Test
  void aTornPageIsWholeAgainWithItsImage() throws Exception {
    change(damaged.imaged, file -> copyHalfPage(file, 4, 3));
    damaged.replay();
    damaged.assertSame();
  }

  @Test
  void aZeroPageIsAMissingOne() throws Exception {
    change(damaged.bare, file -> file.write(ByteBuffer.allocate(PAGE), 3 * PAGE));
    assertMissingPage();
  }

  private void assertInvalidPage(int block) throws Exception {
    byte[] page = page(damaged.bare, block);
    assertThat(damaged.failure())
        .isInstanceOf(RedoException.class)
        .hasMessageContaining("WAL redo at ")
        .hasMessageContaining(" for Heap/")
        .hasMessageEndingWith(
            "invalid page in block %d of relation \"%s\"".formatted(block, damaged.bare));
    assertThat(page(damaged.bare, block)).isEqualTo(page);
    assertGoesOnOnce(() -> restore(damaged.bare));
  }

  // ── files ──

  @Test
  void aMissingFileEndsReplay() throws Exception {
    Files.delete(damaged.ours.resolve(damaged.bare));
    assertMissingPage();
  }

  @Test
  void aFileThatIsTooShortEndsReplay() throws Exception {
    change(damaged.bare, file -> file.truncate(3 * PAGE));
    assertMissingPage();
  }

  private void assertMissingPage() throws Exception {
    assertThat(damaged.failure())
        .isInstanceOf(RedoException.class)
        .hasMessageContaining("WAL redo at ")
        .hasMessageMatching(
            ".*: WAL contains references to invalid pages: page [0-9]+ of relation %s does not exist.*"
                .formatted(damaged.bare));
    assertGoesOnOnce(() -> restore(damaged.bare));
  }

  @Test
  void whatIsMissingBeforeConsistencyIsToldThere() throws Exception {
    // Beyond that there is no restart point: the pages are referred to before all is consistent.
    damaged.replayTo(damaged.bareEndLsn - 1);
    assertThat(damaged.control().checkPoint().redoLsn()).isLessThan(damaged.bareEndLsn);
    byte[] whole = Files.readAllBytes(damaged.ours.resolve(damaged.bare));
    Files.delete(damaged.ours.resolve(damaged.bare));
    long restartsAt = damaged.control().checkPointLsn();

    assertThat(damaged.failure())
        .hasMessageStartingWith("WAL contains references to invalid pages: ")
        .hasMessageContaining("page ")
        .hasMessageContaining(" of relation " + damaged.bare);

    assertThat(damaged.control().checkPointLsn()).isEqualTo(restartsAt);
    assertGoesOnOnce(() -> Files.write(damaged.ours.resolve(damaged.bare), whole));
  }

  @Test
  void withoutAnSlruItIsMadeAnew() throws Exception {
    // As PostgreSQL's recovery does: what is missing may have been removed by WAL that follows.
    Files.delete(damaged.ours.resolve("pg_xact/0000"));
    damaged.replay();
    assertThat(damaged.ours.resolve("pg_xact/0000")).exists();
  }

  // ── WAL ──

  @Test
  void aHoleInTheWalIsItsEndOnceAllIsConsistent() throws Exception {
    Path hole = damaged.segment(damaged.bareEndLsn);
    Files.delete(hole);
    var words = new HeardWords();
    long end = damaged.replay(FileLayer.system(), words, new RecoveryTarget.EndOfWal());
    assertThat(damaged.segmentSize().segmentNumberOfEnd(end))
        .isEqualTo(damaged.segmentSize().segmentNumberOfEnd(damaged.bareEndLsn) - 1);
    assertThat(damaged.control().state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);
    assertGoesOnOnce(damaged::wholeWal);
  }

  @Test
  void aHoleBeforeThatIsRefused() throws Exception {
    damaged.replay();
    long required = damaged.control().minRecoveryPoint();
    Files.delete(damaged.segment(required - 1));
    byte[] control = Files.readAllBytes(damaged.ours.resolve(RecoveryControlFile.PATH));
    assertThat(damaged.failure()).isInstanceOf(RecoveryException.class);
    assertThat(damaged.ours.resolve(RecoveryControlFile.PATH)).hasBinaryContent(control);
    assertGoesOnOnce(damaged::wholeWal);
  }

  @Test
  void aWrongChecksumIsTheEndOfTheWal() throws Exception {
    DecodedXLogRecord record = heapRecord();
    long lsn = record.lsn();
    int at = (int) (lsn & damaged.segmentSize().bytes() - 1) + 30;
    try (var file = new RandomAccessFile(damaged.segment(lsn).toFile(), "rw")) {
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ 1);
    }
    var words = new HeardWords();
    long end = damaged.replay(FileLayer.system(), words, new RecoveryTarget.EndOfWal());
    assertThat(end).isEqualTo(lsn);
    assertThat(words.words)
        .contains("incorrect resource manager data checksum in record at " + Lsn.format(lsn));
    assertGoesOnOnce(damaged::wholeWal);
  }

  @Test
  void aRecordOfNobodyKnowsWhomEndsReplay() throws Exception {
    long lsn = heapRecord().lsn();
    damaged.changeRecord(lsn, 17, (byte) 200);
    assertThat(damaged.failure())
        .hasMessage("resource manager with ID 200 not registered, at " + Lsn.format(lsn));
    assertGoesOnOnce(damaged::wholeWal);
  }

  // ── disks ──

  @Test
  void aFullDiskEndsReplay() throws Exception {
    assertEndsWith(
        "No space left on device",
        new NoSpaceException("No space left on device"),
        operation -> operation.matches("(write|create|reserve) .*") && !isControl(operation));
  }

  @Test
  void aFailingForceEndsReplay() throws Exception {
    assertEndsWith(
        "could not (fsync|replace) ", // a file that is put in another's place is forced, too
        new IOException("Input/output error"),
        operation -> operation.startsWith("force ") && !isControl(operation));
  }

  @Test
  void aFailingWriteOfTheControlFileEndsReplay() throws Exception {
    assertEndsWith(
        "pg_control\": Input/output error",
        new IOException("Input/output error"),
        ReplayDamageIT::isControl);
  }

  private static boolean isControl(String operation) {
    return operation.matches("(write|force) pg_control");
  }

  /// Has some of these operations fail, each once, after which the disk is as it was: a failure
  /// that is forgotten would not be met again.
  private static void assertEndsWith(String words, IOException failure, Predicate<String> concerned)
      throws Exception {
    var count = new AtomicInteger();
    damaged.replay(
        new RecordedFiles(operation -> {
          if (concerned.test(operation)) {
            count.incrementAndGet();
          }
        }),
        new HeardWords(),
        new RecoveryTarget.EndOfWal());
    int all = count.get();
    assertThat(all).isPositive();
    for (int number = 0; number < FAILURES; number++) {
      damaged.fresh();
      int failing = 1 + (int) ((long) (all - 1) * number / (FAILURES - 1));
      count.set(0);
      var files =
          new RecordedFiles(operation -> {
            if (concerned.test(operation) && count.incrementAndGet() == failing) {
              throw failure;
            }
          });
      Throwable thrown = damaged.failure(files);
      if (thrown == null) {
        assertThat(count)
            .as("of %d, the order is not always the same", failing)
            .hasValueLessThan(failing);
        continue;
      }
      assertThat(Throwables.getStackTrace(thrown))
          .as("failing %d of %d", failing, all)
          .containsPattern(words);
      assertNothingIsPromised(files.operations(), concerned, failing);
      damaged.replay();
      damaged.assertSameButForMaps();
    }
  }

  /// Other threads may be in the midst of a write, or of forcing a file; but nothing is said to be
  /// durable.
  private static void assertNothingIsPromised(
      List<String> operations, Predicate<String> concerned, int failing) {
    int seen = 0;
    int at = 0;
    while (seen < failing) {
      seen += concerned.test(operations.get(at++)) ? 1 : 0;
    }
    assertThat(operations.subList(at, operations.size()))
        .noneMatch(operation -> operation.startsWith("rename ") || isControl(operation));
  }

  // ── what is done to files ──

  private interface Change {
    void of(FileChannel file) throws IOException;
  }

  private interface Repair {
    void run() throws Exception;
  }

  private static void assertGoesOnOnce(Repair repaired) throws Exception {
    repaired.run();
    damaged.replay();
    damaged.assertSame();
  }

  private static void change(String name, Change change) throws IOException {
    try (var file =
        FileChannel.open(
            damaged.ours.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      change.of(file);
    }
  }

  private static void flip(FileChannel file, long at) throws IOException {
    var one = ByteBuffer.allocate(1);
    file.read(one, at);
    one.put(0, (byte) ~one.get(0));
    file.write(one.flip(), at);
  }

  private static void copyHalfPage(FileChannel file, int from, int to) throws IOException {
    var half = ByteBuffer.allocate(PAGE / 2);
    file.read(half, (long) from * PAGE + PAGE / 2);
    file.write(half.flip(), (long) to * PAGE + PAGE / 2);
  }

  private static byte[] page(String name, int block) throws IOException {
    byte[] all = Files.readAllBytes(damaged.ours.resolve(name));
    return Arrays.copyOfRange(all, block * PAGE, (block + 1) * PAGE);
  }

  private static void restore(String name) throws IOException {
    Files.copy(
        damaged.backup(name), damaged.ours.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  /// One that changes a page without an image, in the midst of a page of WAL.
  private static DecodedXLogRecord heapRecord() throws IOException {
    var source = new WalDirectoryForTest(damaged.wal, TimelineHistory.ofFirst(TimelineId.FIRST));
    var reader =
        new WalReader(
            source.all(),
            damaged.segmentSize(),
            source.history(),
            damaged.control().systemIdentifier());
    reader.start(damaged.bareLsn);
    while (reader.next() instanceof DecodedXLogRecord record) {
      if (record.rmgrId() == Rmgr.HEAP.id()
          && record.endLsn() / PAGE == record.lsn() / PAGE
          && record.endLsn() - record.lsn() > 40) {
        return record;
      }
    }
    throw new AssertionError("no such record");
  }
}
