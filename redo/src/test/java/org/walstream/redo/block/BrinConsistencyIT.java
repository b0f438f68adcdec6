package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

@Timeout(600)
class BrinConsistencyIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void brin(int major) throws Exception {
    Consistency.holds(
        major,
        EnumSet.of(Rmgr.BRIN),
        _ -> {},
        BrinWorkload::run,
        Set.of(
            "BRIN/CREATE_INDEX block 0",
            "BRIN/INSERT block 0",
            "BRIN/INSERT block 1",
            "BRIN/INSERT+INIT block 0",
            "BRIN/INSERT+INIT block 1",
            "BRIN/UPDATE block 0",
            "BRIN/UPDATE block 1",
            "BRIN/UPDATE block 2",
            "BRIN/UPDATE+INIT block 0",
            "BRIN/UPDATE+INIT block 1",
            "BRIN/UPDATE+INIT block 2",
            "BRIN/SAMEPAGE_UPDATE block 0",
            "BRIN/REVMAP_EXTEND block 0",
            "BRIN/REVMAP_EXTEND block 1",
            "BRIN/DESUMMARIZE block 0",
            "BRIN/DESUMMARIZE block 1"));
  }
}
