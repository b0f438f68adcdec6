package org.walstream.redo.buffer;

/// What is expected of a page that is asked for.
///
/// Counterpart of ReadBufferMode, src/include/storage/bufmgr.h.
public enum ReadMode {
  /// The page is there (RBM_NORMAL). One beyond the end of its fork, or still all zeros, is
  /// missing.
  NORMAL,

  /// A page that is missing, or broken, is zeros; the fork grows (RBM_ZERO_ON_ERROR).
  ZERO_ON_ERROR,

  /// Whatever the page has been is replaced: it is not read, and may be anything when it is given
  /// (RBM_ZERO_AND_LOCK). The fork grows.
  REPLACE
}
