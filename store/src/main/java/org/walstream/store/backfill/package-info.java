/// WAL from before a directory's own, fetched when somebody asks for it: by the segment, proven and
/// kept before it is given to anybody, once for all who ask at the same time.
///
/// ```
///   reader ─ request ─▶ BackFill ─ one SegmentFetch each, two at a time ─▶ OlderWal (the upstream)
///      ▲                                     │ proven, durable
///      └────────── reads ◀── FetchedSegments ◀┘
/// ```
///
/// Fetched segments live in a hidden directory of their own, `.older`: the directory above it stays
/// what it is, WAL without a gap up to its end, of which nothing is recycled under a reader's
/// hands.
@NullMarked
package org.walstream.store.backfill;

import org.jspecify.annotations.NullMarked;
