/// The files in which a server keeps what became of each transaction: numbered pages without
/// header, LSN or checksum, thirty-two to a file, whose numbers wrap around.
///
/// Counterpart of src/backend/access/transam/slru.c. What a page holds is told in clog.c,
/// commit_ts.c, multixact.c and subtrans.c there. Start with [org.walstream.redo.slru.SlruFiles].
///
/// Threads: one per SLRU.
@NullMarked
package org.walstream.redo.slru;

import org.jspecify.annotations.NullMarked;
