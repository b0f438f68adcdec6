package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

@Timeout(600)
class GistConsistencyIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void gist(int major) throws Exception {
    Consistency.holds(
        major,
        EnumSet.of(Rmgr.GIST),
        _ -> {},
        GistWorkload::run,
        Set.of(
            "Gist/PAGE_UPDATE block 0",
            "Gist/PAGE_UPDATE block 1",
            "Gist/DELETE block 0",
            "Gist/PAGE_SPLIT block 0",
            "Gist/PAGE_SPLIT block 1",
            "Gist/PAGE_SPLIT block 2",
            "Gist/PAGE_SPLIT block 3",
            "Gist/PAGE_DELETE block 0",
            "Gist/PAGE_DELETE block 1"));
  }
}
