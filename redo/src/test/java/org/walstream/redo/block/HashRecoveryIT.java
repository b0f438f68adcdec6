package org.walstream.redo.block;

import java.util.EnumSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

/// Hash indexes as a server's recovery leaves them, every byte: among them the LSNs of pages that
/// records refer to without changing them, and flags of buckets that have just been restored.
@Timeout(600)
class HashRecoveryIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void hashIndexes(int major) throws Exception {
    ServerRecovery.leavesOurPages(
        major,
        EnumSet.of(Rmgr.HASH),
        server -> {
          HashWorkload.create(server);
          HashWorkload.build(server);
        },
        HashWorkload::change,
        HashWorkload.INDEXES,
        _ -> {});
  }
}
