package org.walstream.redo.page;

/// Which page of a free space map a block's free space stands on, and as what.
///
/// The map's pages are a tree of three levels: the slots of a page of level 0 are blocks of the
/// relation, those above are pages of the level below, with the highest category in them. On disk
/// they follow each other depth first:
///
/// ```
///  block of the map    0          1          2         3        …   4070          4071
///  page                level 2,0  level 1,0  level 0,0  level 0,1    level 0,4068  level 1,1
/// ```
///
/// Counterpart of src/backend/storage/freespace/freespace.c.
public final class FreeSpaceMap {

  /// FSM_ROOT_LEVEL
  public static final int ROOT_LEVEL = 2;

  /// FSM_CAT_STEP
  private static final int STEP_BYTES = PageHeader.PAGE_BYTES / 256;

  /// MaxFSMRequestSize: as much as the largest tuple takes.
  private static final int LARGEST_REQUEST = 8160;

  private static final int LARGEST_CATEGORY = 255;

  private FreeSpaceMap() {}

  /// The category of `bytes` free bytes: how many times 32 of them there are, but the last category
  /// only if the largest tuple fits.
  public static int categoryOf(int bytes) {
    if (bytes >= LARGEST_REQUEST) {
      return LARGEST_CATEGORY;
    }
    return Math.min(bytes / STEP_BYTES, LARGEST_CATEGORY - 1);
  }

  /// The slot of a block, unsigned, on its page of level 0: of any page on the page above, too.
  public static int slotOf(int number) {
    return Integer.remainderUnsigned(number, FreeSpaceMapPage.SLOTS);
  }

  /// The number within level 0 of the page that a block, unsigned, has its slot on: of any page
  /// that of the page above, too.
  public static int parentOf(int number) {
    return Integer.divideUnsigned(number, FreeSpaceMapPage.SLOTS);
  }

  /// The block of the map that is page `number` of its level.
  ///
  /// Counterpart of fsm_logical_to_physical().
  public static int blockOf(int level, int number) {
    // The first page of level 0 below it, and then all that stands before that one.
    int leaf = number;
    for (int below = level; below > 0; below--) {
      leaf *= FreeSpaceMapPage.SLOTS;
    }
    int pages = 0;
    for (int above = 0; above <= ROOT_LEVEL; above++) {
      pages += leaf + 1;
      leaf = parentOf(leaf);
    }
    return pages - level - 1;
  }
}
