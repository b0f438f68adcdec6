/// How a segment's file is compressed: the methods, as streams of bytes in and out. Each method's
/// library is loaded when it is used and not before.
///
/// Counterpart of src/common/compression.c and of the compressing halves of
/// src/bin/pg_basebackup/walmethods.c.
@NullMarked
package org.walstream.store.compress;

import org.jspecify.annotations.NullMarked;
