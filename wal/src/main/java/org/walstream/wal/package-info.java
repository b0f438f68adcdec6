/// What the bytes of PostgreSQL's write-ahead log mean: positions ([Lsn]), timelines, segments,
/// pages, records, history files and the control file, for PostgreSQL 15 to 18.
///
/// Nothing here reads a file or a socket: callers bring the bytes. Values are immutable; the few
/// readers that keep state say so and belong to one thread. Start with [Lsn] and [WalSegmentSize].
@NullMarked
package org.walstream.wal;

import org.jspecify.annotations.NullMarked;
