package org.walstream.wal.rmgr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.IntToLongFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgrdesc.RecordDescription;
import org.walstream.wal.rmgrdesc.RecordText;
import org.walstream.wal.rmgrdesc.ServerRecord;
import org.walstream.wal.rmgrdesc.TimestampText;
import org.walstream.wal.time.TimeZoneRules;

/// Records of every resource manager, with anything at all in them.
class RmgrFuzzTest {

  private static final int ROUNDS = Integer.getInteger("walstream.test.rounds", 400_000);

  /// No text is longer for each byte of its record, apart from a text's constant part.
  private static final int TEXT_PER_BYTE = 16;

  private static final int TEXT_CONSTANT = 500;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  private final RecordText text = new RecordText(TimestampText.ofPgWaldump(TimeZoneRules.utc()));
  private final EveryField fields = new EveryField();

  @Test
  void noBytesMakeAnyRecordThrow() {
    for (int round = 0; round < ROUNDS; round++) {
      understand(record(anyFormat(), random.nextInt(22), random.nextInt(16) << 4));
    }
  }

  @Test
  void noNumberOfAResourceManagerOrARecordTypeThrows() {
    for (WalFormat format : WalFormat.values()) {
      for (int rmgrId = 0; rmgrId < 256; rmgrId++) {
        for (int info = 0; info < 256; info++) {
          understand(record(format, rmgrId, info));
        }
      }
    }
  }

  /// Close to what is right is where checks are missed.
  @Test
  void noDamageToARecordOfAServerMakesItThrow() {
    for (ServerRecord server : ServerRecord.all()) {
      DecodedXLogRecord whole = server.decoded();
      understand(whole);
      for (int round = 0; round < 1 + ROUNDS / 500; round++) {
        WalFormat format = random.nextInt(4) == 0 ? anyFormat() : whole.format();
        var broken = CraftedRecord.of(format, whole.rmgrId(), whole.info());
        for (int id = 0; id <= whole.maxBlockId(); id++) {
          BlockReference block = whole.block(id);
          if (block.inUse() && random.nextInt(20) != 0) {
            broken.block(id, 0, block.blockNumber(), damage(block.data().toArray()));
          }
        }
        understand(broken.bytes(damage(whole.main().toArray())).decoded());
      }
    }
  }

  private void understand(DecodedXLogRecord record) {
    try {
      WalRecord interpreted = Rmgr.interpret(record);
      RecordDescription.describe(interpreted, text.clear());
      interpreted.fields(fields);
      Rmgr rmgr = Rmgr.ofId(record.rmgrId());
      if (rmgr != null) {
        rmgr.recordName(record.format(), record.info());
      }
      assertThat(text.length())
          .isLessThanOrEqualTo(TEXT_PER_BYTE * record.totalLength() + TEXT_CONSTANT);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed %d: resource manager %d, info %x, format %s, main data %s"
              .formatted(
                  seed,
                  record.rmgrId(),
                  record.info(),
                  record.format(),
                  HexFormat.of().formatHex(record.main().toArray())),
          e);
    }
  }

  private WalFormat anyFormat() {
    var formats = WalFormat.values();
    return formats[random.nextInt(formats.length)];
  }

  private DecodedXLogRecord record(WalFormat format, int rmgrId, int info) {
    var record = CraftedRecord.of(format, rmgrId, info);
    int blocks = random.nextInt(4);
    for (int id = 0; id < blocks; id++) {
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> {}
        case 3 -> record.image(id, 0, random.nextInt(), 2 * random.nextInt(2), 8192, 0, 0);
        default -> record.block(id, random.nextInt(5), random.nextInt(), bytes());
      }
    }
    return record.bytes(bytes()).decoded();
  }

  /// Cut short, or changed in places, or neither.
  private byte[] damage(byte[] bytes) {
    int length = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
    byte[] damaged = Arrays.copyOf(bytes, length);
    for (int change = random.nextInt(4); change > 0 && length > 0; change--) {
      damaged[random.nextInt(length)] = (byte) random.nextInt();
    }
    return damaged;
  }

  /// Small numbers are what counts and lengths look like, so they come often.
  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(random.nextInt(8) == 0 ? 300 : 60)];
    int zeros = random.nextInt(4);
    for (int i = 0; i < bytes.length; i++) {
      if (random.nextInt(4) >= zeros) {
        bytes[i] = (byte) (random.nextBoolean() ? random.nextInt(8) : random.nextInt());
      }
    }
    return bytes;
  }

  /// Asks for everything.
  private static final class EveryField implements RecordFields {

    @Override
    public void number(String name, long value) {}

    @Override
    public void unsigned(String name, long value) {}

    @Override
    public void real(String name, double value) {}

    @Override
    public void flag(String name, boolean value) {}

    @Override
    public void text(String name, String value) {}

    @Override
    public void lsn(String name, long lsn) {}

    @Override
    public void timestamp(String name, long micros) {}

    @Override
    public void locator(String name, RelFileLocator locator) {}

    @Override
    public void numbers(String name, int count, IntToLongFunction value) {
      for (int i = 0; i < count; i++) {
        var _ = value.applyAsLong(i);
      }
    }

    @Override
    public void list(String name, int count, Item item) {
      for (int i = 0; i < count; i++) {
        item.fields(i, this);
      }
    }
  }
}
