package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageHeader;

/// The end of an index's page, where its access method keeps what is its own.
final class SpecialArea {

  private SpecialArea() {}

  /// Where in the pool it starts.
  ///
  /// @param bytes how long the access method has it, a multiple of 8
  /// @throws CorruptPageException if the page's is not as long: it is another kind of page
  static long at(MemorySegment pool, long page, int bytes) {
    int special = PageHeader.special(pool, page);
    if (special != PAGE_BYTES - bytes) {
      throw new CorruptPageException("corrupted page: special area at %d".formatted(special));
    }
    return page + special;
  }
}
