/// The WAL log on disk: append, fsync, tail, keep, recycle.
///
/// A [WalStore] is one directory, laid out as pg_receivewal lays it out, so that either program can
/// continue what the other began. A [WalLog] is the meeting place of one timeline: a single writer
/// appends to it, and everyone downstream waits on its two positions, *written* and *flushed*, and
/// reads bytes back through a [WalCursor] at its own pace. Nobody calls back up: a slow reader
/// costs the writer nothing.
///
/// Thread rule: one writer thread per log; positions and waits from any thread; a cursor belongs to
/// the thread that uses it. No thread that does file I/O is ever interrupted (that would close its
/// channel for everyone); stopping is a flag and an unpark.
///
/// Counterpart of src/bin/pg_basebackup/receivelog.c and walmethods.c, and of the WAL file handling
/// in src/backend/replication/walreceiver.c. Start with [WalStore]; docs/store-format.md tells what
/// the directory holds and what a crash leaves.
@NullMarked
package org.walstream.store;

import org.jspecify.annotations.NullMarked;
