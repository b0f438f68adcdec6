package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

@Timeout(600)
class HeapConsistencyIT {

  private static final Set<String> ALWAYS =
      Set.of(
          "Heap/INSERT block 0",
          "Heap/INSERT+INIT block 0",
          "Heap/DELETE block 0",
          "Heap/UPDATE block 0",
          "Heap/UPDATE block 1",
          "Heap/UPDATE+INIT block 0",
          "Heap/UPDATE+INIT block 1",
          "Heap/HOT_UPDATE block 0",
          "Heap/HEAP_CONFIRM block 0",
          "Heap/LOCK block 0",
          "Heap/INPLACE block 0",
          "Heap2/VISIBLE block 0",
          "Heap2/VISIBLE block 1",
          "Heap2/MULTI_INSERT block 0",
          "Heap2/MULTI_INSERT+INIT block 0",
          "Heap2/LOCK_UPDATED block 0");

  private static final List<String> TIDYING =
      List.of("Heap2/PRUNE block 0", "Heap2/VACUUM block 0", "Heap2/FREEZE_PAGE block 0");

  private static final List<String> TIDYING_SINCE_17 =
      List.of(
          "Heap2/PRUNE_ON_ACCESS block 0",
          "Heap2/PRUNE_VACUUM_SCAN block 0",
          "Heap2/PRUNE_VACUUM_CLEANUP block 0");

  /// Since minor versions 17.11 and 18.6.
  private static final List<String> MAP_BLOCKS =
      List.of(
          "Heap/INSERT block 1",
          "Heap/DELETE block 1",
          "Heap/UPDATE block 2",
          "Heap/UPDATE block 3",
          "Heap/HOT_UPDATE block 3",
          "Heap/LOCK block 1",
          "Heap2/MULTI_INSERT block 1");

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void heap(int major) throws Exception {
    Set<String> types = new HashSet<>(ALWAYS);
    types.addAll(major < 17 ? TIDYING : TIDYING_SINCE_17);
    if (major >= 17) {
      types.addAll(MAP_BLOCKS);
    }
    Consistency.holds(
        major,
        EnumSet.of(Rmgr.HEAP, Rmgr.HEAP2),
        server -> {
          server.set("wal_log_hints", "on"); // or VISIBLE has no image of the table's page
          HeapWork.before(server);
        },
        HeapWork::run,
        types);
  }
}
