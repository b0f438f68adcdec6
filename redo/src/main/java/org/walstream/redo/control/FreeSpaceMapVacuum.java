package org.walstream.redo.control;

import static org.walstream.redo.page.FreeSpaceMapPage.SLOTS;
import static org.walstream.wal.record.ForkNumber.FSM;

import java.io.IOException;
import org.walstream.redo.page.FreeSpaceMap;
import org.walstream.redo.page.FreeSpaceMapPage;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.RelFileLocator;

/// Tells the upper levels of a free space map what the lowest has become from some block on: each
/// slot has the highest category of the page below it, or nothing where there is no such page.
///
/// A server changes these pages as a hint. With checksums or `wal_log_hints` a hint does not make a
/// page one to be written in recovery: the page in memory has it, and it reaches the disk if the
/// page is to be written for another reason.
///
/// Counterpart of FreeSpaceMapVacuumRange(), src/backend/storage/freespace/freespace.c.
final class FreeSpaceMapVacuum {

  /// No block of a relation has this number: up to the one before it the map is looked at.
  private static final int END = 0xFFFF_FFFF;

  private static final int MISSING = -1;

  private final Pages pages;
  private final boolean logsHints;

  /// What the page edited last has for its highest category.
  private int highest;

  FreeSpaceMapVacuum(Pages pages, boolean logsHints) {
    this.pages = pages;
    this.logsHints = logsHints;
  }

  /// Brings the map up to date for the blocks of the relation from `start` (unsigned) on.
  void from(RelFileLocator relation, int start) throws IOException {
    if (start != END) {
      vacuum(relation, FreeSpaceMap.ROOT_LEVEL, 0, start);
    }
  }

  /// Brings page `number` of this level up to date, and those below it.
  ///
  /// @return its highest category, or MISSING
  private int vacuum(RelFileLocator relation, int level, int number, int start) throws IOException {
    long block = Integer.toUnsignedLong(FreeSpaceMap.blockOf(level, number));
    if (block >= pages.blocks(relation, FSM)) {
      return MISSING;
    }
    int first = level == 0 ? SLOTS : firstSlot(level, number, start);
    int end = level == 0 ? SLOTS : endSlot(level, number);
    int[] categories = new int[Math.max(0, end - first)];
    for (int slot = first; slot < end; slot++) {
      int category = vacuum(relation, level - 1, number * SLOTS + slot, start);
      if (category == MISSING) {
        break; // so are all behind it
      }
      categories[slot - first] = category;
    }
    pages.edit(
        relation,
        FSM,
        block,
        true,
        (pool, page) -> {
          if (PageHeader.isNew(pool, page)) {
            PageHeader.init(pool, page, 0);
          }
          boolean changed = false;
          for (int i = 0; i < categories.length; i++) {
            if (FreeSpaceMapPage.category(pool, page, first + i) != categories[i]) {
              changed |= FreeSpaceMapPage.set(pool, page, first + i, categories[i]);
            }
          }
          highest = FreeSpaceMapPage.highestCategory(pool, page);
          FreeSpaceMapPage.putNextSlot(pool, page, 0);
          return changed && !logsHints;
        });
    return highest;
  }

  /// The slot, of page `number`, from which on it is about blocks behind `start`.
  private static int firstSlot(int level, int number, int start) {
    int unit = unitOf(level, start);
    int page = FreeSpaceMap.parentOf(unit);
    if (page == number) {
      return FreeSpaceMap.slotOf(unit);
    }
    return Integer.compareUnsigned(page, number) > 0 ? SLOTS : 0;
  }

  /// The slot, of page `number`, from which on there are no blocks.
  private static int endSlot(int level, int number) {
    int unit = unitOf(level, END - 1);
    return FreeSpaceMap.parentOf(unit) == number ? FreeSpaceMap.slotOf(unit) + 1 : SLOTS;
  }

  /// What of this level has a slot for the block: the block itself, or a page of the level below.
  private static int unitOf(int level, int block) {
    int unit = block;
    for (int below = 0; below < level; below++) {
      unit = FreeSpaceMap.parentOf(unit);
    }
    return unit;
  }
}
