package org.walstream.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;
import static org.walstream.store.SampleWal.segmentAt;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.store.compress.Compression;
import org.walstream.store.compress.Compression.Method;

/// What others do to a directory that is ours to write and theirs to own: files vanish, are empty,
/// are no files. PostgreSQL's receiver passes over it or tries again, and so does ours.
@Timeout(600)
class ForeignHandsTest {

  private static final int MB = 1 << 20;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  @TempDir Path directory;

  private final SampleWal wal = SampleWal.ofBytes(3, 4 * MB);

  @Test
  void everythingInSightIsWhatPgReceivewalHas() throws IOException {
    try (WalStore store = open()) {
      WalLog log = log(store, START);
      append(log, START, START + MB + 1000);
      log.requestFlush(); // by then what is finished has its name, and what is not its own
      assertThat(log.awaitFlushed(START + MB + 999, MINUTE)).isTrue();
      assertThat(visible())
          .isSubsetOf("000000010000000000000003", "000000010000000000000004.partial");
      assertThat(FileLayer.system().list(directory)).contains(".walstream.lock");
    }
  }

  @Test
  void aReservationThatIsGoneIsMadeAnew() throws IOException {
    try (WalStore store = open()) {
      WalLog log = log(store, START);
      append(log, START, START + 1000);
      log.requestFlush(); // by then the segment itself has its visible name
      assertThat(log.awaitFlushed(START + 999, MINUTE)).isTrue();
      removeReservations();
      append(log, START + 1000, START + 2 * MB + 1000);
      log.requestFlush();
      assertThat(log.awaitFlushed(START + 2 * MB, MINUTE)).isTrue();
    }
    assertThatContentIsRightUpTo(START + 2 * MB + 1000);
  }

  @Test
  void aSegmentThatVanishesWhileItIsReceivedIsReceivedAgain() throws IOException {
    try (WalStore store = open()) {
      WalLog log = log(store, START);
      append(log, START, START + MB + 1000);
      log.requestFlush();
      assertThat(log.awaitFlushed(START + MB + 999, MINUTE)).isTrue();
      Files.delete(directory.resolve("000000010000000000000004.partial"));
      assertThatThrownBy(
              () -> {
                append(log, START + MB + 1000, START + 2 * MB);
                log.awaitFlushed(START + 2 * MB - 1, MINUTE);
              })
          .isInstanceOfSatisfying(
              WalLogFailedException.class, e -> assertThat(e.isFinal()).isFalse())
          .hasMessageEndingWith("000000010000000000000004.partial\": No such file or directory");
      WalLog again = store.logToContinue(SYSTEM_IDENTIFIER, SEGMENT_SIZE).orElseThrow();
      assertThat(again.restartLsn()).isEqualTo(START + MB);
      append(log(store, START + MB), START + MB, START + 3 * MB);
    }
    assertThatContentIsRightUpTo(START + 3 * MB);
  }

  @Test
  void aDirectoryInASegmentsPlaceIsWaitedFor() throws IOException {
    Path inTheWay = directory.resolve("000000010000000000000003");
    try (WalStore store = open()) {
      WalLog log = log(store, START);
      append(log, START, START + 1000);
      log.requestFlush(); // before that nothing promises that there is a file
      assertThat(log.awaitFlushed(START + 999, MINUTE)).isTrue();
      Files.createDirectories(inTheWay.resolve("full"));
      assertThatThrownBy(
              () -> {
                append(log, START + 1000, START + MB);
                log.awaitFlushed(START + MB - 1, MINUTE);
              })
          .isInstanceOf(WalLogFailedException.class);
      Files.delete(inTheWay.resolve("full"));
      Files.delete(inTheWay);
      WalLog again = store.logToContinue(SYSTEM_IDENTIFIER, SEGMENT_SIZE).orElseThrow();
      append(log(store, again.restartLsn()), again.restartLsn(), START + 2 * MB);
    }
    assertThatContentIsRightUpTo(START + 2 * MB);
  }

  @Test
  void directoriesAndFifosNamedLikeFinishedSegmentsArePassedOver() throws Exception {
    try (WalStore store = open()) {
      append(log(store, START), START, START + MB);
    }
    Files.createDirectory(directory.resolve("0000000100000000000000F0"));
    fifo("0000000100000000000000F1");
    try (WalStore store = open()) {
      assertThat(store.currentLog().orElseThrow().writtenLsn()).isEqualTo(START + MB);
    }
  }

  @Test
  void aFifoInThePlaceOfAPartialSegmentIsRefusedAndNotWaitedFor() throws Exception {
    try (WalStore store = open()) {
      append(log(store, START), START, START + MB);
    }
    fifo("000000010000000000000004.partial");
    try (WalStore store = open()) {
      append(log(store, START + MB), START + MB, START + 2 * MB);
    }
    assertThatContentIsRightUpTo(START + 2 * MB);
    assertThatThrownBy(
            () -> {
              fifo("000000010000000000000005");
              FileLayer.system()
                  .openForReading(directory.resolve("000000010000000000000005"))
                  .close();
            })
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("Is not a regular file");
  }

  @Test
  void anEmptyPartialFileSaysWhereToGoOn() throws IOException {
    Files.createFile(directory.resolve("000000010000000000000003.partial"));
    try (WalStore store = open()) {
      assertThat(store.currentLog()).as("nobody knows whose it is").isEmpty();
      WalLog log = store.logToContinue(SYSTEM_IDENTIFIER, SEGMENT_SIZE).orElseThrow();
      assertThat(log.restartLsn()).isEqualTo(START);
      append(log(store, START), START, START + MB);
    }
    assertThatContentIsRightUpTo(START + MB);
  }

  @Test
  void filesOfTheTimeWhenTheyWereVisibleAreHidden() throws IOException {
    try (WalStore store = open()) {
      append(log(store, START), START, START + 1000);
    }
    Files.write(directory.resolve("walstream.lock"), "4711\n".getBytes(US_ASCII), CREATE_NEW);
    Files.write(directory.resolve("000000010000000000000004.next"), new byte[MB]);
    Files.write(directory.resolve("00000001.spare"), new byte[MB]);
    try (WalStore store = open()) {
      assertThat(visible()).containsExactly("000000010000000000000003.partial");
      append(log(store, START), START, START + 2 * MB);
    }
    assertThatContentIsRightUpTo(START + 2 * MB);
  }

  @Test
  void aPartialSegmentIsCompletedCompressedWhenThatIsAskedFor() throws IOException {
    try (WalStore store = open()) {
      append(log(store, START), START, START + 1000);
    }
    var gzip = new Compression(Method.GZIP, OptionalInt.empty());
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT.withCompression(gzip))) {
      WalLog log = store.logToContinue(SYSTEM_IDENTIFIER, SEGMENT_SIZE).orElseThrow();
      assertThat(log.restartLsn()).isEqualTo(START);
      append(log(store, START), START, START + MB + 1000);
    }
    assertThat(visible())
        .contains("000000010000000000000003.gz", "000000010000000000000004.gz.partial");
  }

  private void fifo(String name) throws Exception {
    int exit = new ProcessBuilder("mkfifo", directory.resolve(name).toString()).start().waitFor();
    assertThat(exit).isZero();
  }

  private void removeReservations() throws IOException {
    boolean found = false;
    while (!found) { // made by a thread of its own
      for (String name : FileLayer.system().list(directory)) {
        if (name.endsWith(".next") && Files.size(directory.resolve(name)) == MB) {
          Files.delete(directory.resolve(name));
          found = true;
        }
      }
    }
  }

  private WalStore open() throws IOException {
    return WalStore.open(directory, StoreOptions.DEFAULT);
  }

  private static WalLog log(WalStore store, long startLsn) throws IOException {
    return store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, startLsn);
  }

  private void append(WalLog log, long from, long to) throws IOException {
    for (long lsn = from; lsn < to; lsn += 50_000) {
      log.append(lsn, wal.at(lsn, (int) Math.min(50_000, to - lsn)));
    }
  }

  private List<String> visible() throws IOException {
    return FileLayer.system().list(directory).stream()
        .filter(name -> !name.startsWith("."))
        .toList();
  }

  private void assertThatContentIsRightUpTo(long endLsn) throws IOException {
    for (long lsn = START; lsn < endLsn; lsn += MB) {
      var name = segmentAt(lsn);
      boolean finished = name.endLsn() <= endLsn;
      Path file = directory.resolve(finished ? name.fileName() : name.partialFileName());
      assertThat(Files.readAllBytes(file)).isEqualTo(wal.segment(name, endLsn));
    }
  }
}
