package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;
import static org.walstream.store.SampleWal.segmentAt;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.file.FileLayer;
import org.walstream.store.compress.Compression;
import org.walstream.store.compress.Compression.Method;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFile;

@Timeout(600)
class CompressedSegmentsTest {

  private static final int MB = 1 << 20;

  @TempDir Path directory;

  private final SampleWal wal = SampleWal.ofBytes(8, 2 * MB + 400_000);

  @ParameterizedTest
  @CsvSource({"GZIP,", "GZIP,1", "LZ4,", "LZ4,9", "ZSTD,", "ZSTD,3"})
  void finishedSegmentsAreReadByTheFormatsOwnReaders(Method method, Integer level)
      throws IOException {
    var options = options(method, level == null ? OptionalInt.empty() : OptionalInt.of(level));
    try (WalStore store = WalStore.open(directory, options)) {
      write(store, START, wal.endLsn());
    }
    String suffix = method.suffix();
    assertThat(names())
        .containsExactly(
            "000000010000000000000003" + suffix,
            "000000010000000000000004" + suffix,
            "000000010000000000000005" + suffix + ".partial");
    for (long lsn = START; lsn < wal.endLsn(); lsn += MB) {
      var segment = segmentAt(lsn);
      boolean finished = segment.endLsn() <= wal.endLsn();
      byte[] expected = wal.segment(segment, wal.endLsn());
      int length = finished ? MB : (int) (wal.endLsn() - lsn);
      assertThat(content(method, segment.fileName() + suffix + (finished ? "" : ".partial")))
          .isEqualTo(Arrays.copyOf(expected, length));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "LZ4", "ZSTD"})
  void whatWasFlushedCanBeDecompressedWhileTheFileIsOpen(Method method) throws IOException {
    try (WalStore store = WalStore.open(directory, options(method, OptionalInt.empty()))) {
      WalLog log = write(store, START, START + 123_456);
      log.requestFlush();
      assertThat(log.awaitFlushed(START + 123_455, TimeUnit.MINUTES.toNanos(1))).isTrue();
      Path file = directory.resolve("000000010000000000000003" + method.suffix() + ".partial");
      assertThat(SegmentFile.sizeOfPartial(FileLayer.system(), file, method)).isEqualTo(123_456);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "LZ4", "ZSTD"})
  void aPartialFileStaysUntilTheNewOneHoldsAsMuch(Method method) throws IOException {
    var options = options(method, OptionalInt.empty());
    try (WalStore store = WalStore.open(directory, options)) {
      write(store, START, START + MB + 500_000);
    }
    Path partial = directory.resolve("000000010000000000000004" + method.suffix() + ".partial");
    byte[] before = Files.readAllBytes(partial);
    try (WalStore store = WalStore.open(directory, options)) {
      assertThat(store.currentLog().map(WalLog::writtenLsn).orElse(START + MB))
          .isEqualTo(START + MB);
      WalLog log = write(store, START + MB, START + MB + 400_000);
      log.requestFlush();
      assertThat(log.awaitFlushed(START + MB, TimeUnit.MINUTES.toNanos(1))).isTrue();
    }
    assertThat(Files.readAllBytes(partial)).isEqualTo(before);
    assertThat(names()).noneMatch(name -> name.endsWith(".next"));
    try (WalStore store = WalStore.open(directory, options)) {
      write(store, START + MB, START + MB + 600_000);
    }
    assertThat(content(method, partial.getFileName().toString())).hasSize(600_000);
    try (WalStore store = WalStore.open(directory, options)) {
      write(store, START + MB, START + 2 * MB);
    }
    assertThat(names())
        .containsExactly(
            "000000010000000000000003" + method.suffix(),
            "000000010000000000000004" + method.suffix());
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void anotherClustersWalIsRefusedInCompressedDirectoriesToo(Method method) throws IOException {
    try (WalStore store = WalStore.open(directory, options(method, OptionalInt.empty()))) {
      write(store, START, START + MB);
    }
    try (WalStore store = WalStore.open(directory, options(method, OptionalInt.empty()))) {
      assertThatThrownBy(() -> store.openLog(42, SEGMENT_SIZE, TIMELINE, START + MB))
          .hasMessageContaining("not of 42");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "LZ4", "ZSTD"})
  void aFileThatDoesNotGiveAWholeSegmentIsPassedOver(Method method) throws IOException {
    try (WalStore store = WalStore.open(directory, options(method, OptionalInt.empty()))) {
      write(store, START, START + 2 * MB);
    }
    Path last = directory.resolve("000000010000000000000004" + method.suffix());
    byte[] content = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(content, content.length / 2));
    var found =
        new SegmentDirectory(FileLayer.system(), directory).newest(SEGMENT_SIZE).orElseThrow();
    assertThat(found.fileName()).isEqualTo("000000010000000000000003" + method.suffix());
  }

  @Test
  void levelsAreCheckedInPostgresqlsWords() {
    assertThatThrownBy(() -> new Compression(Method.GZIP, OptionalInt.of(10)))
        .hasMessage("compression algorithm \"gzip\" expects a compression level between 1 and 9");
    assertThatThrownBy(() -> new Compression(Method.NONE, OptionalInt.of(1)))
        .hasMessage("compression algorithm \"none\" does not accept a compression level");
  }

  private static StoreOptions options(Method method, OptionalInt level) {
    return StoreOptions.DEFAULT.withCompression(new Compression(method, level));
  }

  private WalLog write(WalStore store, long from, long to) throws IOException {
    WalLog log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, from);
    for (long lsn = from; lsn < to; lsn += 100_000) {
      log.append(lsn, wal.at(lsn, (int) Math.min(100_000, to - lsn)));
    }
    return log;
  }

  private List<String> names() throws IOException {
    return FileLayer.system().list(directory).stream()
        .filter(name -> name.startsWith("0000"))
        .toList();
  }

  private byte[] content(Method method, String name) throws IOException {
    try (InputStream file = Files.newInputStream(directory.resolve(name));
        InputStream content =
            switch (method) {
              case GZIP -> new GZIPInputStream(file);
              case LZ4 -> new LZ4FrameInputStream(file);
              case ZSTD -> new ZstdInputStream(file);
              case NONE -> file;
            }) {
      return content.readAllBytes();
    }
  }
}
