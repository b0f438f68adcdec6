/// The text of each record as PostgreSQL's own tools print it, pg_waldump and pg_walinspect, in the
/// manner of the major version that wrote it.
///
/// Counterpart of src/backend/access/rmgrdesc. Start reading at [RecordDescription].
@NullMarked
package org.walstream.wal.rmgrdesc;

import org.jspecify.annotations.NullMarked;
