package org.walstream.redo.replay;

import java.io.Closeable;
import java.io.IOException;
import org.walstream.redo.control.Pages;
import org.walstream.wal.record.DecodedXLogRecord;

/// Redoes what records do to pages, in memory, by several threads, and brings the pages to disk.
///
/// The blocks of a record are only handed over: that they have been redone, [#drain] says, and that
/// they are on disk, [#write]. Called by the one thread that reads WAL, but for [#writeBeside].
public interface PageReplay extends Pages, Closeable {

  /// Hands the record's blocks to those who own the pages, and those that it implies (visibility
  /// and free space maps). The record is copied.
  void redo(DecodedXLogRecord record) throws IOException;

  /// Waits until all that was handed over has been redone.
  void drain() throws IOException;

  /// Writes every changed page; to make them durable is the caller's
  /// ([org.walstream.redo.storage.DataFiles#sync]). Drains before.
  void write() throws IOException;

  /// Writes every page that has changed by now, while replay goes on: what it changes meanwhile may
  /// be written or not. Nothing that was handed over before the last [#drain] is missing on return;
  /// to make it durable is the caller's. One thread's at a time, any but the one that reads WAL.
  void writeBeside() throws IOException;

  /// True when a record referred to a page that is missing, and no drop or truncation has explained
  /// that yet. After [#drain] only.
  boolean hasInvalidPages();

  /// From now on a missing page ends replay, as there is nothing left that could explain it.
  ///
  /// @throws IOException naming the pages that are missing, if any are
  void reachedConsistency() throws IOException;
}
