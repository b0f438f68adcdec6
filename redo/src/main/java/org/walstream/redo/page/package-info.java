/// PostgreSQL's page: 8192 bytes with a header, line pointers, items and a special area, and every
/// change of it that redo makes, to the byte.
///
/// A page is not an object: it is a `MemorySegment`, the pool, and the offset of the page in it.
/// Nothing here reads a file, takes a slice or allocates, so that a page function costs what its
/// bytes cost. What needs room of its own to work in ([PageChecksum], [HeapItems], [IndexItems]) is
/// made once per thread; all else is static. A page belongs to one thread while it is changed.
///
/// No bytes in a page make a function here touch its neighbours in the pool: what it would follow
/// out of the page is a [CorruptPageException].
///
/// Counterpart of src/backend/storage/page, src/include/storage/checksum_impl.h, the pages of
/// src/backend/storage/freespace and of src/backend/access/heap/visibilitymap.c, and
/// src/backend/access/common/bufmask.c. Start reading at [PageHeader].
@NullMarked
package org.walstream.redo.page;

import org.jspecify.annotations.NullMarked;
