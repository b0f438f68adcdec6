package org.walstream.wal.rmgr;

import java.time.ZoneId;
import java.util.function.IntToLongFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.CraftedRecord;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgrdesc.RecordDescription;
import org.walstream.wal.rmgrdesc.RecordText;
import org.walstream.wal.rmgrdesc.TimestampText;

/// Records of every resource manager, with anything at all in them.
class RmgrFuzzTest {

  private static final int ROUNDS = Integer.getInteger("walstream.test.rounds", 400_000);

  @Test
  void noBytesMakeAnyRecordThrow() {
    long seed = Long.getLong("walstream.test.seed", System.nanoTime());
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var text = new RecordText(TimestampText.ofPgWaldump(ZoneId.of("UTC")));
    var fields = new EveryField();
    for (int round = 0; round < ROUNDS; round++) {
      DecodedXLogRecord record = record(random);
      try {
        WalRecord interpreted = Rmgr.interpret(record);
        RecordDescription.describe(interpreted, text.clear());
        interpreted.fields(fields);
        Rmgr rmgr = Rmgr.ofId(record.rmgrId());
        if (rmgr != null) {
          rmgr.recordName(record.format(), record.info());
        }
      } catch (RuntimeException e) {
        throw new AssertionError(
            "seed %d, round %d: resource manager %d, info %x, format %s"
                .formatted(seed, round, record.rmgrId(), record.info(), record.format()),
            e);
      }
    }
  }

  private static DecodedXLogRecord record(RandomGenerator random) {
    var formats = WalFormat.values();
    int rmgrId = random.nextInt(100) == 0 ? random.nextInt(256) : random.nextInt(22);
    var record =
        CraftedRecord.of(formats[random.nextInt(formats.length)], rmgrId, random.nextInt(16) << 4);
    int blocks = random.nextInt(4);
    for (int id = 0; id < blocks; id++) {
      if (random.nextInt(4) != 0) {
        record.block(id, 0, random.nextInt(), bytes(random));
      }
    }
    return record.bytes(bytes(random)).decoded();
  }

  /// Small numbers are what counts and lengths look like, so they come often.
  private static byte[] bytes(RandomGenerator random) {
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
