package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.redo.RedoException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.Rmgr;

/// Records with anything in them, of the resource managers whose records change files and not
/// pages: each is redone or refused in the declared way, none goes on for ever, and nothing is made
/// outside of the data directory.
@Timeout(600)
class HostileControlRecordsTest {

  private static final int ROUNDS = Integer.getInteger("walstream.test.rounds", 4_000);

  private static final List<Rmgr> RMGRS =
      List.of(
          Rmgr.XLOG,
          Rmgr.TRANSACTION,
          Rmgr.STORAGE,
          Rmgr.CLOG,
          Rmgr.DATABASE,
          Rmgr.TABLESPACE,
          Rmgr.MULTIXACT,
          Rmgr.RELMAP,
          Rmgr.STANDBY,
          Rmgr.HEAP2,
          Rmgr.COMMIT_TS,
          Rmgr.REPLICATION_ORIGIN,
          Rmgr.LOGICAL_MESSAGE);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @TempDir Path scratch;

  @ParameterizedTest
  @EnumSource
  void noRecordLeavesTheDirectoryOrEndsInAnUndeclaredWay(WalFormat format) throws IOException {
    Path data = Files.createDirectory(scratch.resolve("data"));
    var fixture = new ControlFixture(data, format);
    ControlRedo control = begin(fixture);
    int redone = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Rmgr rmgr = RMGRS.get(random.nextInt(RMGRS.size()));
      CraftedRecord record = record(fixture, rmgr);
      try {
        control.redo(record.decoded());
        redone++;
      } catch (RedoException declared) {
        assertThat(declared.getMessage()).isNotEmpty();
        refused++;
      } catch (IOException declared) {
        // Of a file: nothing is written any more, until replay begins anew.
        assertThat(declared.getMessage()).isNotEmpty();
        refused++;
        fixture = new ControlFixture(data, format);
        control = begin(fixture);
      } catch (RuntimeException e) {
        throw new AssertionError("seed %d, round %d, %s".formatted(seed, round, rmgr), e);
      }
    }
    control.flush();
    try (Stream<Path> beside = Files.list(scratch)) {
      assertThat(beside).as("seed %d", seed).containsExactly(data);
    }
    assertThat(redone).as("redone, with seed %d", seed).isGreaterThan(ROUNDS / 50);
    assertThat(refused).as("refused, with seed %d", seed).isGreaterThan(ROUNDS / 50);
  }

  private static ControlRedo begin(ControlFixture fixture) throws IOException {
    ControlRedo control = fixture.control();
    control.begin(ControlFixture.checkPoint(600, 1, 0), true);
    return control;
  }

  private CraftedRecord record(ControlFixture fixture, Rmgr rmgr) {
    CraftedRecord record = fixture.record(rmgr, random.nextInt(16) << 4);
    if (rmgr == Rmgr.TABLESPACE) {
      // A place that is in its record is the administrator's word, and may be anywhere.
      String place = random.nextBoolean() ? "" : fixture.data.resolve("base/5").toString();
      return record.i32(number()).text(place, place.length() + random.nextInt(2));
    }
    for (int numbers = random.nextInt(14); numbers > 0; numbers--) {
      record.i32(number());
    }
    var rest = new byte[random.nextInt(8)];
    random.nextBytes(rest);
    return record.bytes(rest);
  }

  private int number() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextInt(0x10000);
      case 2 -> 5; // a database
      default -> random.nextInt(4);
    };
  }
}
