package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

@Timeout(600)
class SequenceConsistencyIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void sequences(int major) throws Exception {
    Consistency.holds(
        major,
        EnumSet.of(Rmgr.SEQUENCE),
        _ -> {},
        server -> {
          server.sql("CREATE SEQUENCE s");
          server.sql("SELECT count(nextval('s')) FROM generate_series(1, 1000)");
        },
        Set.of("Sequence/LOG block 0"));
  }
}
