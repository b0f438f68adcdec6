/// What a record means to its resource manager: one sealed type per resource manager, one record
/// (Java's) per record type, each a view of the WAL record's bytes.
///
/// A view checks once, when it is made, that its bytes are there; what it then reads is within the
/// WAL record. It is valid as long as its [org.walstream.wal.record.DecodedXLogRecord] is. What
/// differs between PostgreSQL's versions is asked of the record's WalFormat, in the view.
///
/// Nothing is applied here. Fields bear PostgreSQL's names in Java's case; numbers are unsigned
/// unless said otherwise. Counterpart of the *_xlog.h and xl_* structures in src/include/access,
/// commands, storage, replication. Start reading at [Rmgr].
@NullMarked
package org.walstream.wal.rmgr;

import org.jspecify.annotations.NullMarked;
