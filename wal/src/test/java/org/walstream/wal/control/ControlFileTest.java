package org.walstream.wal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.UnsupportedVersionException;
import org.walstream.wal.WalDataException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.crafted.CraftedWal;

class ControlFileTest {

  @ParameterizedTest
  @EnumSource
  void readsTheControlFileOfEachVersion(WalFormat format) throws Exception {
    var file = ControlFile.parse(bytes(crafted(format)));
    assertThat(file.format()).isEqualTo(format);
    assertThat(file.systemIdentifier()).isEqualTo(CraftedWal.SYSTEM_IDENTIFIER);
    assertThat(file.state()).isEqualTo(DBState.IN_PRODUCTION);
    assertThat(file.state().label()).isEqualTo("in production");
    assertThat(file.timeSeconds()).isEqualTo(1_700_000_001);
    assertThat(Lsn.format(file.checkPointLsn())).isEqualTo("1/2000028");
    assertThat(Lsn.format(file.checkPoint().redoLsn())).isEqualTo("1/2000000");
    assertThat(file.checkPoint().nextXid()).isEqualTo(0x1_0000_0002L);
    assertThat(file.checkPoint().walLevel())
        .isEqualTo(format.majorVersion() >= 17 ? Optional.of(WalLevel.REPLICA) : Optional.empty());
    assertThat(file.parameters().walLevel()).isEqualTo(WalLevel.LOGICAL);
    assertThat(file.parameters().maxConnections()).isEqualTo(100);
    assertThat(file.layout().walSegmentSize()).isEqualTo(WalSegmentSize.DEFAULT);
    assertThat(file.defaultCharSigned())
        .isEqualTo(format.majorVersion() >= 18 ? Optional.of(true) : Optional.empty());
    assertThat(file.mockAuthenticationNonce()).hasSize(64).startsWith("0a0a").endsWith("0a0a");
    assertThat(file.timeline()).isEqualTo(new TimelineId(3));
  }

  @ParameterizedTest
  @EnumSource
  void writesWhatItHasRead(WalFormat format) throws Exception {
    byte[] bytes = paddedWithZeros(format);
    assertThat(Arrays.mismatch(ControlFile.parse(bytes).toBytes(), bytes)).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource
  void changesWhatRecoveryChanges(WalFormat format) throws Exception {
    ControlFile before = ControlFile.parse(bytes(crafted(format)));
    CheckPoint checkPoint = before.checkPoint();
    ControlFile changed =
        before
            .withState(DBState.IN_ARCHIVE_RECOVERY)
            .withTime(1_800_000_000)
            .withCheckPoint(0x1_03000028L, checkPoint)
            .withMinRecoveryPoint(0x1_04000000L, 3)
            .withBackupPoints(0x1_02000000L, 0x1_05000000L, true);
    ControlFile read = ControlFile.parse(changed.toBytes());
    assertThat(read).isEqualTo(changed);
    assertThat(read.state()).isEqualTo(DBState.IN_ARCHIVE_RECOVERY);
    assertThat(read.timeSeconds()).isEqualTo(1_800_000_000);
    assertThat(read.checkPointLsn()).isEqualTo(0x1_03000028L);
    assertThat(read.minRecoveryPoint()).isEqualTo(0x1_04000000L);
    assertThat(read.minRecoveryPointTimeline()).isEqualTo(3);
    assertThat(read.backupStartPoint()).isEqualTo(0x1_02000000L);
    assertThat(read.backupEndPoint()).isEqualTo(0x1_05000000L);
    assertThat(read.backupEndRequired()).isTrue();
    ControlFile back =
        changed
            .withState(before.state())
            .withTime(before.timeSeconds())
            .withCheckPoint(before.checkPointLsn(), checkPoint)
            .withMinRecoveryPoint(0, 0)
            .withBackupPoints(0, 0, false)
            .withParameters(before.parameters());
    assertThat(Arrays.mismatch(back.toBytes(), paddedWithZeros(format))).isEqualTo(-1);
  }

  /// As servers write it: what is a field since PostgreSQL 17 was padding before.
  private static byte[] paddedWithZeros(WalFormat format) {
    return format.checkPointHasWalLevel()
        ? bytes(crafted(format))
        : sealed(crafted(format).putInt(60, 0), 288);
  }

  @Test
  void isOnTheTimelineOfItsMinimumRecoveryPointUntilACheckpointFollows() throws Exception {
    var bytes = crafted(WalFormat.PG_18).putInt(144, 4);
    assertThat(ControlFile.parse(sealed(bytes, 292)).timeline()).isEqualTo(new TimelineId(4));
  }

  @Test
  void refusesAFileThatIsTooShort() {
    assertThatThrownBy(() -> ControlFile.parse(new byte[100]))
        .isInstanceOf(CorruptDataException.class)
        .hasMessage("could not read file \"global/pg_control\": read 100 of 296");
  }

  @Test
  void refusesAnotherByteOrder() {
    var bytes = crafted(WalFormat.PG_18).putInt(8, Integer.reverseBytes(1800));
    assertThatThrownBy(() -> ControlFile.parse(bytes(bytes)))
        .isInstanceOf(UnsupportedVersionException.class)
        .hasMessage("possible byte ordering mismatch: PG_CONTROL_VERSION 134676480 (0x08070000)");
  }

  @Test
  void refusesAnotherVersion() {
    assertThatThrownBy(() -> ControlFile.parse(bytes(crafted(WalFormat.PG_18).putInt(8, 1900))))
        .isInstanceOf(UnsupportedVersionException.class)
        .hasMessage("unexpected control file version 1900");
    var patched = crafted(WalFormat.PG_16).putInt(12, 202107181);
    assertThatThrownBy(() -> ControlFile.parse(sealed(patched, 288)))
        .isInstanceOf(UnsupportedVersionException.class)
        .hasMessage("unexpected control file version 1300, catalog version 202107181");
  }

  @Test
  void refusesWhatItsChecksumDoesNotCover() {
    byte[] bytes = bytes(crafted(WalFormat.PG_17));
    for (int i = 12; i < 292; i++) {
      bytes[i] ^= 4;
      assertThatThrownBy(() -> ControlFile.parse(bytes))
          .isInstanceOf(CorruptDataException.class)
          .hasMessage("incorrect checksum in control file");
      bytes[i] ^= 4;
    }
  }

  @Test
  void refusesValuesThatCannotBe() {
    assertRefused(crafted(WalFormat.PG_18).putInt(16, 7), "unrecognized cluster state 7");
    assertRefused(crafted(WalFormat.PG_18).putInt(172, -1), "unrecognized wal_level -1");
    assertRefused(
        crafted(WalFormat.PG_18).putInt(228, 1000),
        "invalid WAL segment size in control file (1000 bytes)");
    assertRefused(
        crafted(WalFormat.PG_18).putInt(224, 4096),
        "the database cluster was initialized with XLOG_BLCKSZ 4096: expected 8192");
    assertRefused(
        crafted(WalFormat.PG_18).putInt(48, 0),
        "invalid timeline 0 of the latest checkpoint in control file");
  }

  @Test
  void anyBytesAreReadOrRefusedAsDeclared() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 20_000; i++) {
      var bytes = crafted(WalFormat.ofMajorVersion(15 + random.nextInt(4)).orElseThrow());
      for (int n = random.nextInt(5); n >= 0; n--) {
        bytes.put(random.nextInt(ControlFile.LENGTH), (byte) random.nextInt(256));
      }
      byte[] file = random.nextBoolean() ? sealed(bytes, 292) : bytes(bytes);
      file = random.nextInt(20) == 0 ? Arrays.copyOf(file, random.nextInt(400)) : file;
      try {
        assertThat(ControlFile.parse(file).timeline()).isNotNull();
      } catch (CorruptDataException | UnsupportedVersionException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotEmpty();
      }
    }
  }

  private static void assertRefused(ByteBuffer file, String message) {
    assertThatThrownBy(() -> ControlFile.parse(sealed(file, 292)))
        .isInstanceOf(WalDataException.class)
        .hasMessage(message);
  }

  /// A control file of a primary of the given version, every field its own value.
  private static ByteBuffer crafted(WalFormat format) {
    var file = ByteBuffer.wrap(new byte[8192]).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(0, CraftedWal.SYSTEM_IDENTIFIER);
    file.putInt(8, format.controlFileVersion()).putInt(12, format.catalogVersion());
    file.putInt(16, 6).putLong(24, 1_700_000_001).putLong(32, 0x1_02000028L);
    file.putLong(40, 0x1_02000000L).putInt(48, 3).putInt(52, 2).put(56, (byte) 1).putInt(60, 1);
    file.putLong(64, 0x1_0000_0002L);
    file.putInt(172, 2).putInt(180, 100);
    file.putInt(204, 8).putDouble(208, 1234567.0).putInt(216, 8192).putInt(220, 131072);
    file.putInt(224, 8192).putInt(228, 16 << 20);
    int nonceAt = 256;
    if (format.majorVersion() >= 18) {
      file.put(nonceAt++, (byte) 1);
    }
    byte[] nonce = new byte[32];
    Arrays.fill(nonce, (byte) 0x0A);
    file.put(nonceAt, nonce);
    return ByteBuffer.wrap(sealed(file, format.majorVersion() >= 18 ? 292 : 288))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The file with its checksum, which stands at `crcAt`, made right.
  private static byte[] sealed(ByteBuffer file, int crcAt) {
    byte[] bytes = bytes(file);
    var crc = new CRC32C();
    crc.update(bytes, 0, crcAt);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(crcAt, (int) crc.getValue());
    return bytes;
  }

  private static byte[] bytes(ByteBuffer file) {
    byte[] bytes = new byte[file.capacity()];
    file.get(0, bytes);
    return bytes;
  }
}
