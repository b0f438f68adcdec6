/// Pages of WAL and the records in them: read, proven, taken apart.
///
/// Here a record is a header, block references, page images and runs of bytes, whoever wrote it;
/// what those bytes mean to their resource manager is told in `org.walstream.wal.rmgr`.
///
/// Everything that is made per record is made once and used again: a [DecodedXLogRecord] and all
/// that hangs on it are valid until the reader that gave it reads on. Nothing here is thread-safe;
/// readers on several threads are several readers.
///
/// Counterpart of src/backend/access/transam/xlogreader.c. Start reading at [WalReader].
@NullMarked
package org.walstream.wal.record;

import org.jspecify.annotations.NullMarked;
