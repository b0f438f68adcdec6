package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

@Timeout(600)
class SpgistConsistencyIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void spgist(int major) throws Exception {
    Consistency.holds(
        major,
        EnumSet.of(Rmgr.SPGIST),
        _ -> {},
        SpgistWorkload::run,
        Set.of(
            "SPGist/ADD_LEAF block 0",
            "SPGist/ADD_LEAF block 1",
            "SPGist/MOVE_LEAFS block 0",
            "SPGist/MOVE_LEAFS block 1",
            "SPGist/MOVE_LEAFS block 2",
            "SPGist/ADD_NODE block 0",
            "SPGist/ADD_NODE block 1",
            "SPGist/ADD_NODE block 2",
            "SPGist/SPLIT_TUPLE block 0",
            "SPGist/SPLIT_TUPLE block 1",
            "SPGist/PICKSPLIT block 0",
            "SPGist/PICKSPLIT block 1",
            "SPGist/PICKSPLIT block 2",
            "SPGist/PICKSPLIT block 3",
            "SPGist/VACUUM_LEAF block 0",
            "SPGist/VACUUM_ROOT block 0",
            "SPGist/VACUUM_REDIRECT block 0"));
  }
}
