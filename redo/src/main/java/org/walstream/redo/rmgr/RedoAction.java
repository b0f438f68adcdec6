package org.walstream.redo.rmgr;

/// What a record met at one of its blocks.
///
/// Counterpart of XLogRedoAction, src/include/access/xlogutils.h.
public enum RedoAction {
  /// The page was older than the record: it has been redone.
  NEEDS_REDO,

  /// The page is as new as the record or newer: nothing had to be done.
  DONE,

  /// The record's image of the page has taken its place.
  RESTORED,

  /// There is no such page.
  NOT_FOUND
}
