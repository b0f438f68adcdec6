/// A directory of WAL segments, read: our own, one that pg_receivewal keeps, or a server's
/// `pg_wal`.
///
/// What its files are called and which stage of a segment's life each name stands for
/// ([SegmentFileName]), what is in it and whose WAL that is ([SegmentDirectory]), and the bytes of
/// one segment, whether its file is whole, still being received, or compressed ([SegmentFile]).
/// Nothing here writes; who writes is the package above.
///
/// Anything may have happened to such a directory: a file may vanish between two looks, be empty,
/// be no file at all. What is passed over here is what PostgreSQL's own tools pass over.
@NullMarked
package org.walstream.store.segment;

import org.jspecify.annotations.NullMarked;
