package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

/// B-trees, as a server's images have them after each record.
@Timeout(600)
class BtreeConsistencyIT {

  private static final Set<String> TYPES =
      Set.of(
          "Btree/INSERT_LEAF block 0",
          "Btree/INSERT_UPPER block 0",
          "Btree/INSERT_UPPER block 1",
          "Btree/INSERT_META block 0",
          "Btree/INSERT_META block 1",
          "Btree/INSERT_META block 2",
          "Btree/INSERT_POST block 0",
          "Btree/SPLIT_L block 0",
          "Btree/SPLIT_L block 1",
          "Btree/SPLIT_L block 2",
          "Btree/SPLIT_L block 3",
          "Btree/SPLIT_R block 0",
          "Btree/SPLIT_R block 1",
          "Btree/SPLIT_R block 2",
          "Btree/SPLIT_R block 3",
          "Btree/DEDUP block 0",
          "Btree/DELETE block 0",
          "Btree/VACUUM block 0",
          "Btree/MARK_PAGE_HALFDEAD block 0",
          "Btree/MARK_PAGE_HALFDEAD block 1",
          "Btree/UNLINK_PAGE block 0",
          "Btree/UNLINK_PAGE block 1",
          "Btree/UNLINK_PAGE block 2",
          "Btree/UNLINK_PAGE block 3",
          "Btree/UNLINK_PAGE_META block 0",
          "Btree/UNLINK_PAGE_META block 2",
          "Btree/UNLINK_PAGE_META block 3",
          "Btree/UNLINK_PAGE_META block 4",
          "Btree/NEWROOT block 0",
          "Btree/NEWROOT block 1",
          "Btree/NEWROOT block 2",
          "Btree/META_CLEANUP block 0");

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void btrees(int major) throws Exception {
    Consistency.holds(
        major, EnumSet.of(Rmgr.BTREE), BtreeWorkload::create, BtreeWorkload::run, TYPES);
  }
}
