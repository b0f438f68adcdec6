package org.walstream.redo.page;

import static org.walstream.redo.page.PageBytes.putU8;
import static org.walstream.redo.page.PageBytes.u8;
import static org.walstream.redo.page.PageHeader.LENGTH;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;

/// A page of a relation's free space map: a binary tree in an array, whose leaves are slots with a
/// category of free space each, and whose other nodes have the larger of the two below.
///
/// ```
/// offset  bytes  field
///     24      4  fp_next_slot      where the next search begins: redo does not search
///     28   4095  inner nodes       node 0 is the root; below node n are 2n+1 and 2n+2
///   4123   4069  leaves            slot s is node 4095+s
/// ```
///
/// The leaves are fewer than the inner nodes have room for: the last of these have one below, or
/// none.
///
/// Counterpart of src/backend/storage/freespace/fsmpage.c.
public final class FreeSpaceMapPage {

  /// SlotsPerFSMPage
  public static final int SLOTS = 4069;

  /// NonLeafNodesPerPage
  private static final int INNER_NODES = PAGE_BYTES / 2 - 1;

  /// NodesPerPage
  private static final int NODES = INNER_NODES + SLOTS;

  private static final int NEXT_SLOT = LENGTH;
  private static final int FIRST_NODE = LENGTH + Integer.BYTES;

  private FreeSpaceMapPage() {}

  /// The category of a slot.
  public static int category(MemorySegment pool, long page, int slot) {
    return node(pool, page, INNER_NODES + slot);
  }

  /// The highest category of all slots, as the root has it.
  public static int highestCategory(MemorySegment pool, long page) {
    return node(pool, page, 0);
  }

  /// Gives a slot its category, and the nodes above it theirs, as far up as it makes a difference.
  /// Should the root know less than that then, the tree was damaged, and is made anew.
  ///
  /// Counterpart of fsm_set_avail().
  ///
  /// @return false when nothing had to be done
  public static boolean set(MemorySegment pool, long page, int slot, int category) {
    int node = INNER_NODES + slot;
    if (node(pool, page, node) == category && category <= highestCategory(pool, page)) {
      return false;
    }
    putNode(pool, page, node, category);
    boolean differs = true;
    while (differs && node > 0) {
      node = (node - 1) / 2;
      differs = update(pool, page, node);
    }
    if (category > highestCategory(pool, page)) {
      rebuild(pool, page);
    }
    return true;
  }

  /// Empties `firstSlot` and all behind it, and makes the tree anew if that changed any.
  ///
  /// Counterpart of fsm_truncate_avail().
  ///
  /// @return false when they were empty
  public static boolean truncate(MemorySegment pool, long page, int firstSlot) {
    boolean changed = false;
    for (int node = INNER_NODES + firstSlot; node < NODES; node++) {
      changed |= node(pool, page, node) != 0;
      putNode(pool, page, node, 0);
    }
    if (changed) {
      rebuild(pool, page);
    }
    return changed;
  }

  /// Makes all inner nodes anew from the leaves.
  ///
  /// Counterpart of fsm_rebuild_page().
  ///
  /// @return false when they were right
  public static boolean rebuild(MemorySegment pool, long page) {
    boolean changed = false;
    for (int node = INNER_NODES - 1; node >= 0; node--) {
      changed |= update(pool, page, node);
    }
    return changed;
  }

  /// Where the next search begins.
  public static int nextSlot(MemorySegment pool, long page) {
    return PageBytes.i32(pool, page + NEXT_SLOT);
  }

  public static void putNextSlot(MemorySegment pool, long page, int slot) {
    PageBytes.putI32(pool, page + NEXT_SLOT, slot);
  }

  /// Gives an inner node the larger of those below it.
  private static boolean update(MemorySegment pool, long page, int node) {
    int left = 2 * node + 1;
    int right = left + 1;
    int category = left < NODES ? node(pool, page, left) : 0;
    if (right < NODES) {
      category = Math.max(category, node(pool, page, right));
    }
    if (node(pool, page, node) == category) {
      return false;
    }
    putNode(pool, page, node, category);
    return true;
  }

  private static int node(MemorySegment pool, long page, int node) {
    return u8(pool, page + FIRST_NODE + node);
  }

  private static void putNode(MemorySegment pool, long page, int node, int category) {
    putU8(pool, page + FIRST_NODE + node, category);
  }
}
