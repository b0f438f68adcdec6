package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;
import static org.walstream.store.SampleWal.segmentAt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.wal.record.WalVerifier;

/// The seam between the last finished segment and what comes next.
class SegmentProofTest {

  private static final int MB = 1 << 20;

  @TempDir Path directory;

  private final SampleWal ours = SampleWal.ofBytes(1, 3 * MB);
  private final SampleWal theirs = SampleWal.ofBytes(2, 3 * MB);

  @Test
  void theContinuationOfOurOwnWalIsProvenAcrossTheSeam() throws IOException {
    finished(ours, START);
    WalVerifier verifier = led(START + MB);
    assertThat(verifier.position()).isEqualTo(START + MB);
    assertThat(verifier.lastRecordLsn()).isBetween(START, START + MB);
    assertThat(verifier.feed(START + MB, ours.at(START + MB, MB))).isTrue();
  }

  @Test
  void anotherServersWalOfTheSameTimelineNumberIsNot() throws IOException {
    finished(ours, START);
    WalVerifier verifier = led(START + MB);
    assertThat(verifier.feed(START + MB, theirs.at(START + MB, MB))).isFalse();
    assertThat(verifier.verifiedLsn()).isLessThanOrEqualTo(START + MB);
  }

  @Test
  void norBehindACompressedSegment() throws IOException {
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(ours.segment(segmentAt(START), ours.endLsn()));
    }
    Files.write(directory.resolve(segmentAt(START).fileName() + ".gz"), gzip.toByteArray());
    assertThat(led(START + MB).feed(START + MB, theirs.at(START + MB, MB))).isFalse();
    assertThat(led(START + MB).feed(START + MB, ours.at(START + MB, MB))).isTrue();
  }

  @Test
  void norIsWhatLiesInAPartialFileThere() throws IOException {
    finished(ours, START);
    Files.write(
        directory.resolve(segmentAt(START + MB).partialFileName()),
        theirs.segment(segmentAt(START + MB), theirs.endLsn()));
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      assertThat(store.currentLog().orElseThrow().writtenLsn()).isEqualTo(START + MB);
    }
  }

  @Test
  void withoutAFinishedSegmentOrBehindABrokenOneProofBeginsAnew() throws IOException {
    assertThat(led(START + MB).feed(START + MB, theirs.at(START + MB, MB))).isTrue();
    byte[] broken = ours.segment(segmentAt(START), ours.endLsn());
    broken[MB / 2] ^= 1;
    Files.write(directory.resolve(segmentAt(START).fileName()), broken);
    assertThat(led(START + MB).feed(START + MB, ours.at(START + MB, MB))).isTrue();
  }

  private WalVerifier led(long startLsn) throws IOException {
    var verifier = new WalVerifier(SEGMENT_SIZE, SYSTEM_IDENTIFIER, TIMELINE);
    new SegmentProof(new SegmentDirectory(FileLayer.system(), directory), SEGMENT_SIZE)
        .lead(verifier, TIMELINE, startLsn);
    return verifier;
  }

  private void finished(SampleWal wal, long lsn) throws IOException {
    var segment = segmentAt(lsn);
    Files.write(directory.resolve(segment.fileName()), wal.segment(segment, wal.endLsn()));
  }
}
