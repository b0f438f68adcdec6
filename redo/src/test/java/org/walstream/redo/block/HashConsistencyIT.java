package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

/// Hash indexes, as a server's images have them after each record.
///
/// Not to be had from a server: a second bitmap (block 3 of ADD_OVFL_PAGE), which takes 32768
/// overflow pages; a page behind one that is freed (block 4 of SQUEEZE_PAGE), as the last one goes
/// first.
@Timeout(600)
class HashConsistencyIT {

  private static final Set<String> TYPES =
      Set.of(
          "Hash/INIT_META_PAGE block 0",
          "Hash/INIT_BITMAP_PAGE block 0",
          "Hash/INIT_BITMAP_PAGE block 1",
          "Hash/INSERT block 0",
          "Hash/INSERT block 1",
          "Hash/ADD_OVFL_PAGE block 0",
          "Hash/ADD_OVFL_PAGE block 1",
          "Hash/ADD_OVFL_PAGE block 2",
          "Hash/ADD_OVFL_PAGE block 4",
          "Hash/SPLIT_ALLOCATE_PAGE block 0",
          "Hash/SPLIT_ALLOCATE_PAGE block 1",
          "Hash/SPLIT_ALLOCATE_PAGE block 2",
          "Hash/SPLIT_COMPLETE block 0",
          "Hash/SPLIT_COMPLETE block 1",
          "Hash/MOVE_PAGE_CONTENTS block 0",
          "Hash/MOVE_PAGE_CONTENTS block 1",
          "Hash/MOVE_PAGE_CONTENTS block 2",
          "Hash/SQUEEZE_PAGE block 0",
          "Hash/SQUEEZE_PAGE block 1",
          "Hash/SQUEEZE_PAGE block 2",
          "Hash/SQUEEZE_PAGE block 3",
          "Hash/SQUEEZE_PAGE block 5", // and 6
          "Hash/DELETE block 0",
          "Hash/DELETE block 1",
          "Hash/SPLIT_CLEANUP block 0",
          "Hash/UPDATE_META_PAGE block 0",
          "Hash/VACUUM_ONE_PAGE block 0",
          "Hash/VACUUM_ONE_PAGE block 1");

  /// Without images that are to be restored: a freed page (block 2 of SQUEEZE_PAGE) has one
  /// otherwise, always, and as the indexes begin here nothing is missing.
  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void hashIndexes(int major) throws Exception {
    Consistency.holds(
        major,
        EnumSet.of(Rmgr.HASH),
        server -> {
          server.set("full_page_writes", "off").reload();
          HashWorkload.create(server);
        },
        HashWorkload::run,
        TYPES);
  }
}
