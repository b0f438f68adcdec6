package org.walstream.redo.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.BtreeDeletions;
import org.walstream.wal.rmgr.BtreeRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.WalRecord;

/// B-trees as a server's recovery leaves them, every byte: among them the zeros that a split and
/// deduplication leave in the hole, and what deletion leaves there.
@Timeout(600)
class BtreeRecoveryIT {

  private final Set<String> seen = new TreeSet<>();

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void btrees(int major) throws Exception {
    ServerRecovery.leavesOurPages(
        major,
        EnumSet.of(Rmgr.BTREE),
        BtreeWorkload::create,
        BtreeWorkload::run,
        BtreeWorkload.INDEXES,
        this::note);
    assertThat(seen)
        .contains(
            "split of a posting list",
            "VACUUM of few",
            "VACUUM of many",
            "VACUUM of TIDs",
            "DELETE of few",
            "DELETE of many",
            "DELETE of TIDs",
            "DEDUP into more than one list");
  }

  private void note(DecodedXLogRecord decoded) {
    WalRecord record = Rmgr.interpret(decoded);
    switch (record) {
      case BtreeRecord.Split split when split.postingoff() != 0 && split.left().length() > 0 ->
          seen.add("split of a posting list");
      case BtreeRecord.Vacuum vacuum -> note("VACUUM", vacuum.deletions());
      case BtreeRecord.Delete delete -> note("DELETE", delete.deletions());
      case BtreeRecord.Dedup dedup when dedup.hasIntervals() && dedup.nintervals() > 1 ->
          seen.add("DEDUP into more than one list");
      default -> {}
    }
  }

  private void note(String type, BtreeDeletions deletions) {
    if (deletions.nupdated() > 0) {
      seen.add(type + " of TIDs");
    }
    if (deletions.ndeleted() > 0) {
      seen.add(type + (deletions.ndeleted() > 2 ? " of many" : " of few"));
    }
  }
}
