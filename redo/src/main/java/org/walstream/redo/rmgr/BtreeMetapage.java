package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.rmgr.BtreeMetadata;

/// A B-tree's first page, which records make anew each time.
///
/// ```
/// offset  bytes  field                             (from the end of the page's header)
///      0      4  btm_magic                         0x053162
///      4      4  btm_version
///      8      4  btm_root
///     12      4  btm_level
///     16      4  btm_fastroot                      the lowest page that has a level to itself
///     20      4  btm_fastlevel
///     24      4  btm_last_cleanup_num_delpages
///     32      8  btm_last_cleanup_num_heap_tuples  float8, -1 since nobody uses it
///     40      1  btm_allequalimage
/// ```
///
/// Counterpart of BTMetaPageData, src/include/access/nbtree.h, and _bt_restore_meta(),
/// src/backend/access/nbtree/nbtxlog.c.
final class BtreeMetapage {

  private static final int MAGIC = 0x053162;
  private static final int LENGTH = 48;

  private BtreeMetapage() {}

  /// @param metadata null when the record has none, though it should
  static void restore(@Nullable BtreeMetadata metadata, MemorySegment pool, long page) {
    if (metadata == null) {
      throw new CorruptPageException("record without the metadata of its index");
    }
    BtreePage.init(pool, page, BtreePage.NO_PAGE, BtreePage.NO_PAGE, 0, BtreePage.META);
    long meta = page + PageHeader.LENGTH;
    PageBytes.putI32(pool, meta, MAGIC);
    PageBytes.putI32(pool, meta + 4, metadata.version());
    PageBytes.putI32(pool, meta + 8, metadata.root());
    PageBytes.putI32(pool, meta + 12, metadata.level());
    PageBytes.putI32(pool, meta + 16, metadata.fastroot());
    PageBytes.putI32(pool, meta + 20, metadata.fastlevel());
    PageBytes.putI32(pool, meta + 24, metadata.lastCleanupNumDelpages());
    PageBytes.putI64(pool, meta + 32, Double.doubleToRawLongBits(-1.0));
    PageBytes.putU8(pool, meta + 40, metadata.allequalimage() ? 1 : 0);
    PageHeader.putLower(pool, page, PageHeader.LENGTH + LENGTH);
  }
}
