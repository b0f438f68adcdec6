package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.StandbyRecord;
import org.walstream.wal.rmgr.StorageRecord;

class StandbyDescTest {

  @Test
  void runningSubtransactionsAreNamedSince16() {
    assertThat(text(running(WalFormat.PG_15)))
        .isEqualTo(
            "RUNNING_XACTS nextXid 710 latestCompletedXid 699 oldestRunningXid 700; 2 xacts:"
                + " 700 701; subxid ovf");
    assertThat(text(running(WalFormat.PG_16)))
        .isEqualTo(
            "RUNNING_XACTS nextXid 710 latestCompletedXid 699 oldestRunningXid 700; 2 xacts:"
                + " 700 701; subxid overflowed; 1 subxacts: 702");
  }

  @Test
  void locksEndInABlank() {
    assertThat(text(CraftedRecord.of(WalFormat.PG_15, 8, StandbyRecord.LOCK).i32(1, 700, 5, 16384)))
        .isEqualTo("LOCK xid 700 db 5 rel 16384 ");
  }

  @Test
  void storageIsNamedByPath() {
    assertThat(
            text(CraftedRecord.of(WalFormat.PG_15, 2, StorageRecord.CREATE).i32(1663, 5, 16384, 3)))
        .isEqualTo("CREATE base/5/16384_init");
    assertThat(
            text(
                CraftedRecord.of(WalFormat.PG_15, 2, StorageRecord.TRUNCATE)
                    .i32(12, 1664, 0, 1260, 7)))
        .isEqualTo("TRUNCATE global/1260 to 12 blocks flags 7");
    assertThat(
            text(CraftedRecord.of(WalFormat.PG_15, 2, StorageRecord.CREATE).i32(1663, 5, 16384, 4)))
        .isEqualTo("CREATE too short for its type");
  }

  private static CraftedRecord running(WalFormat format) {
    return CraftedRecord.of(format, 8, StandbyRecord.RUNNING_XACTS)
        .i32(2, 1, 1, 710, 700, 699, 700, 701, 702);
  }

  private static String text(CraftedRecord record) {
    return DescribedRecord.of(record.decoded());
  }
}
