package org.walstream.redo.control;

import static org.walstream.wal.record.ForkNumber.FSM;
import static org.walstream.wal.record.ForkNumber.MAIN;
import static org.walstream.wal.record.ForkNumber.VISIBILITY_MAP;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.FreeSpaceMap;
import org.walstream.redo.page.FreeSpaceMapPage;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.StorageRecord;
import org.walstream.wal.rmgr.StorageRecord.Truncate;

/// Relations whose files are made or cut.
///
/// With a table its maps are cut: what they say of the blocks that go is cleared on the last of
/// their pages that stays, since the table may grow again, and the pages behind it go. The levels
/// of the free space map above are told then ([FreeSpaceMapVacuum]).
///
/// Counterpart of smgr_redo(), src/backend/catalog/storage.c, FreeSpaceMapPrepareTruncateRel(),
/// src/backend/storage/freespace/freespace.c, and visibilitymap_prepare_truncate(),
/// src/backend/access/heap/visibilitymap.c.
final class RelationRedo {

  /// Nothing of the fork goes.
  private static final long NOTHING = -1;

  private final Pages pages;
  private final RelationFiles relations;
  private final RecoveryPoint recoveryPoint;
  private final FreeSpaceMapVacuum vacuum;

  /// @param logsHints whether the cluster has checksums or `wal_log_hints`
  RelationRedo(
      Pages pages, RelationFiles relations, RecoveryPoint recoveryPoint, boolean logsHints) {
    this.pages = pages;
    this.relations = relations;
    this.recoveryPoint = recoveryPoint;
    this.vacuum = new FreeSpaceMapVacuum(pages, logsHints);
  }

  void redo(StorageRecord record) throws IOException {
    switch (record) {
      case StorageRecord.Create create -> relations.create(create.locator(), create.fork());
      case Truncate truncate -> truncate(truncate);
    }
  }

  private void truncate(Truncate record) throws IOException {
    RelFileLocator relation = record.locator();
    int blocks = record.blkno();
    // Dropped further on in WAL, it may have gone already; it goes again there.
    relations.create(relation, MAIN);
    recoveryPoint.require(record.record().endLsn());

    boolean main = (record.flags() & Truncate.SMGR_TRUNCATE_HEAP) != 0;
    long fsm =
        (record.flags() & Truncate.SMGR_TRUNCATE_FSM) != 0
            ? prepareFreeSpaceMap(relation, blocks)
            : NOTHING;
    long vm =
        (record.flags() & Truncate.SMGR_TRUNCATE_VM) != 0
            ? prepareVisibilityMap(relation, blocks)
            : NOTHING;
    if (main) {
      cut(relation, MAIN, Integer.toUnsignedLong(blocks));
    }
    cut(relation, FSM, fsm);
    cut(relation, VISIBILITY_MAP, vm);
    if (fsm != NOTHING) {
      vacuum.from(relation, blocks);
    }
  }

  /// A server's file has grown with the first page behind its end; ours, when that page is written.
  /// Cut before, it would have lost the blocks of zeros in between.
  private void cut(RelFileLocator relation, ForkNumber fork, long blocks) throws IOException {
    if (blocks != NOTHING) {
      boolean isLonger = blocks < pages.blocks(relation, fork);
      pages.truncate(relation, fork, blocks);
      relations.truncate(relation, fork, blocks);
      if (isLonger) {
        relations.extend(relation, fork, blocks);
      }
    }
  }

  /// Empties the slots of the blocks that go.
  ///
  /// @return how many blocks of the map stay
  private long prepareFreeSpaceMap(RelFileLocator relation, int firstRemoved) throws IOException {
    int slot = FreeSpaceMap.slotOf(firstRemoved);
    long block =
        Integer.toUnsignedLong(FreeSpaceMap.blockOf(0, FreeSpaceMap.parentOf(firstRemoved)));
    if (block >= pages.blocks(relation, FSM)) {
      return NOTHING;
    }
    if (slot == 0) {
      return block;
    }
    pages.edit(
        relation,
        FSM,
        block,
        true,
        (pool, page) -> {
          initIfNew(pool, page);
          FreeSpaceMapPage.truncate(pool, page, slot);
          return true;
        });
    return block + 1;
  }

  /// Clears the bits of the blocks that go.
  ///
  /// @return how many blocks of the map stay
  private long prepareVisibilityMap(RelFileLocator relation, int firstRemoved) throws IOException {
    long block = Integer.toUnsignedLong(VisibilityMapPage.blockOf(firstRemoved));
    if (block >= pages.blocks(relation, VISIBILITY_MAP)) {
      return NOTHING;
    }
    if (!VisibilityMapPage.endsWithinPage(firstRemoved)) {
      return block;
    }
    pages.edit(
        relation,
        VISIBILITY_MAP,
        block,
        true,
        (pool, page) -> {
          initIfNew(pool, page);
          VisibilityMapPage.truncate(pool, page, firstRemoved);
          return true;
        });
    return block + 1;
  }

  private static void initIfNew(MemorySegment pool, long page) {
    if (PageHeader.isNew(pool, page)) {
      PageHeader.init(pool, page, 0);
    }
  }
}
