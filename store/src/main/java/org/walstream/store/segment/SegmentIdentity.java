package org.walstream.store.segment;

import org.walstream.wal.WalSegmentSize;

/// Whose WAL a directory holds, as a segment's first page says.
public record SegmentIdentity(long systemIdentifier, WalSegmentSize segmentSize) {}
