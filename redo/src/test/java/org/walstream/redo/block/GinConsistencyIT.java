package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

@Timeout(600)
class GinConsistencyIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void gin(int major) throws Exception {
    Consistency.holds(
        major,
        EnumSet.of(Rmgr.GIN),
        _ -> {},
        GinWorkload::run,
        Set.of(
            "Gin/CREATE_PTREE block 0",
            "Gin/INSERT block 0",
            "Gin/INSERT block 1",
            "Gin/SPLIT block 3",
            "Gin/VACUUM_DATA_LEAF_PAGE block 0",
            "Gin/DELETE_PAGE block 0",
            "Gin/DELETE_PAGE block 1",
            "Gin/DELETE_PAGE block 2",
            "Gin/UPDATE_META_PAGE block 0",
            "Gin/UPDATE_META_PAGE block 1",
            "Gin/INSERT_LISTPAGE block 0",
            "Gin/DELETE_LISTPAGE block 0",
            "Gin/DELETE_LISTPAGE block 1",
            "Gin/DELETE_LISTPAGE block 2"));
  }
}
