/// What the bytes of PostgreSQL's write-ahead log mean, for PostgreSQL 15 to 18. This package has
/// what all of it is named by: positions ([Lsn]), timelines and their history, segments, versions.
/// Below it: `control` (the files that say what state a cluster is in), `record` (pages and
/// records, proven and taken apart), `rmgr` (what a record means), `rmgrdesc` (its text).
///
/// Nothing here reads a file or a socket: callers bring the bytes. Values are immutable; the few
/// readers that keep state say so and belong to one thread. Start with [Lsn] and [WalSegmentSize].
@NullMarked
package org.walstream.wal;

import org.jspecify.annotations.NullMarked;
