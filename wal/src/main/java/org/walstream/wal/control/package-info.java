/// The files that say what state a cluster is in: the control file and its checkpoint.
///
/// Counterpart of src/include/catalog/pg_control.h. Values are immutable.
@NullMarked
package org.walstream.wal.control;

import org.jspecify.annotations.NullMarked;
