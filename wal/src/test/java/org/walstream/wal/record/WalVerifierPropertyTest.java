package org.walstream.wal.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedWal;

/// What holds for any WAL, however it is cut and wherever it is broken.
class WalVerifierPropertyTest {

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @Test
  void theSameBytesGiveTheSameVerdictHoweverTheyAreCut() {
    for (int round = 0; round < 60; round++) {
      var wal = someWal();
      byte[] bytes = wal.segments();
      if (random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      var whole = verify(wal, bytes, bytes.length);
      for (int largest : new int[] {3, 100, 9_000, 300_000}) {
        var cut = verify(wal, bytes, largest);
        assertThat(cut.defect()).as("seed %d", seed).isEqualTo(whole.defect());
        assertThat(cut.verifiedLsn()).as("seed %d", seed).isEqualTo(whole.verifiedLsn());
        assertThat(cut.lastRecordLsn()).as("seed %d", seed).isEqualTo(whole.lastRecordLsn());
      }
    }
  }

  @Test
  void wholeRecordsAreProvenAsSoonAsTheirLastByteHasCome() {
    for (int round = 0; round < 20; round++) {
      var wal = CraftedWal.of(WalFormat.PG_18);
      var verifier = verifier(wal);
      verifier.start(wal.startLsn());
      for (int i = 0; i < 200; i++) {
        wal.record(random.nextInt(10) == 0 ? random.nextInt(30_000) : random.nextInt(100));
        byte[] bytes = wal.bytes();
        int from = wal.offset(verifier.position());
        verifier.feed(verifier.position(), ByteBuffer.wrap(bytes, from, bytes.length - from));
        assertThat(verifier.verifiedLsn()).as("seed %d", seed).isEqualTo(wal.endLsn());
      }
    }
  }

  @Test
  void anyBitThatFlipsWithinARecordIsFound() {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.recordLeavingOnPage(16);
    wal.record(9000);
    wal.record(150);
    wal.loseContrecord();
    wal.record(0);
    byte[] bytes = wal.bytes();
    int checked = 0;
    for (int at = 0; at < bytes.length; at++) {
      for (int bit = 0; bit < 8 && wal.isRecordByte(at); bit++) {
        bytes[at] ^= (byte) (1 << bit);
        var verifier = verify(wal, bytes, bytes.length);
        // A longer record may just not have ended yet: nothing of it is proven either.
        assertThat(verifier.defect() != null || verifier.verifiedLsn() != wal.endLsn())
            .as("byte %d bit %d", at, bit)
            .isTrue();
        bytes[at] ^= (byte) (1 << bit);
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(8 * 17_000);
    assertThat(verify(wal, bytes, bytes.length).verifiedLsn()).isEqualTo(wal.endLsn());
  }

  /// Page headers, padding, the zeros after a switch: what is let pass there is kept, and the same
  /// WAL refused when it comes again. Two flags of a page header are promises to others.
  @Test
  void anyBitThatFlipsBetweenRecordsIsFound() {
    var wal = CraftedWal.of(WalFormat.PG_18);
    for (int length : new int[] {9000, 1, 150, 3, 20_000, 7}) {
      wal.record(length);
    }
    int switched = wal.offset(wal.switchSegment());
    int behind = wal.segmentSize().bytes();
    wal.record(5);
    byte[] bytes = wal.bytes();
    for (int at = 0; at < bytes.length; at++) {
      if (at == switched + 10_000) {
        at = behind - 10_000; // all of the zeros would take long
      }
      int inPage = at % XLogPageHeader.PAGE_BYTES;
      for (int bit = 0; bit < 8 && !wal.isRecordByte(at); bit++) {
        boolean promise = inPage == XLogPageHeader.INFO_AT && (bit == 2 || bit == 3);
        boolean firstTimeline = at == XLogPageHeader.TIMELINE_AT && bit == 0; // an ancestor's
        if (!promise && !firstTimeline) {
          bytes[at] ^= (byte) (1 << bit);
          assertThat(verify(wal, bytes, bytes.length).defect())
              .as("byte %d bit %d", at, bit)
              .isNotNull();
          bytes[at] ^= (byte) (1 << bit);
        }
      }
    }
    assertThat(verify(wal, bytes, bytes.length).verifiedLsn()).isEqualTo(wal.endLsn());
  }

  @Test
  void noBytesMakeItThrow() {
    for (int round = 0; round < 300; round++) {
      var wal = someWal();
      byte[] bytes = wal.bytes();
      for (int n = random.nextInt(20); n > 0; n--) {
        int at = random.nextInt(bytes.length);
        int page = at & -8192;
        switch (random.nextInt(4)) {
          case 0 -> bytes[at] = (byte) random.nextInt(256);
          case 1 -> bytes[Math.min(page + random.nextInt(64), bytes.length - 1)] = (byte) -1;
          case 2 -> bytes[Math.min(page + 16 + random.nextInt(4), bytes.length - 1)] = (byte) at;
          default -> bytes[Math.min(page + 2, bytes.length - 1)] ^= (byte) random.nextInt(16);
        }
      }
      var verifier = verifier(wal);
      long start = wal.startLsn() + 8L * random.nextInt(bytes.length / 8);
      if (random.nextBoolean()) {
        verifier.start(start);
      } else {
        verifier.startAtRecord(start, 0);
      }
      feed(verifier, bytes, wal.offset(start), 1 + random.nextInt(20_000));
      assertThat(verifier.verifiedLsn()).as("seed %d", seed).isBetween(start, wal.endLsn());
    }
  }

  @Test
  void noiseIsRefused() {
    for (int round = 0; round < 200; round++) {
      var wal = CraftedWal.of(WalFormat.PG_18);
      byte[] noise = new byte[20_000];
      random.nextBytes(noise);
      assertThat(verify(wal, noise, 4096).defect()).as("seed %d", seed).isNotNull();
    }
  }

  private CraftedWal someWal() {
    var wal =
        CraftedWal.of(WalFormat.ofMajorVersion(15 + random.nextInt(4)).orElseThrow())
            .fill(random, 10_000 + random.nextInt(100_000));
    if (random.nextInt(3) == 0) {
      wal.loseContrecord();
      wal.fill(random, wal.bytes().length + 20_000);
    }
    if (random.nextInt(4) == 0) {
      wal.switchSegment();
      wal.fill(random, wal.bytes().length + 20_000);
    }
    if (random.nextInt(4) == 0) {
      wal.record(1 << 20);
    }
    return wal;
  }

  private WalVerifier verify(CraftedWal wal, byte[] bytes, int largest) {
    var verifier = verifier(wal);
    verifier.start(wal.startLsn());
    feed(verifier, bytes, 0, largest);
    return verifier;
  }

  private void feed(WalVerifier verifier, byte[] bytes, int from, int largest) {
    long lsn = verifier.position();
    int at = from;
    while (at < bytes.length) {
      int length =
          Math.min(
              bytes.length - at, largest < bytes.length ? 1 + random.nextInt(largest) : largest);
      if (!verifier.feed(lsn, ByteBuffer.wrap(bytes, at, length))) {
        return;
      }
      at += length;
      lsn += length;
    }
  }

  private static WalVerifier verifier(CraftedWal wal) {
    return new WalVerifier(wal.segmentSize(), CraftedWal.SYSTEM_IDENTIFIER, TimelineId.FIRST);
  }
}
