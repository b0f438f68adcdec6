/// The files of a data directory below their meaning: which are open, which must be forced.
///
/// Counterpart of src/backend/storage/file/fd.c (a bounded number of open files) and
/// src/backend/storage/sync/sync.c (fsync requests, collected until a restart point needs them).
/// Start with [org.walstream.redo.storage.DataFiles].
///
/// Threads: any, at once; see there.
@NullMarked
package org.walstream.redo.storage;

import org.jspecify.annotations.NullMarked;
