/// `walstream.conf`: PostgreSQL's configuration syntax, PostgreSQL's parameter names, units and
/// defaults wherever one exists.
///
/// [Parameters] is the one table from which the sample file, `SHOW` and all checks are made;
/// [ConfigurationFile] reads the syntax; [Configuration] is an immutable set of checked values,
/// replaced as a whole on reload.
///
/// Counterpart of src/backend/utils/misc/guc.c and guc-file.l. Everything here is immutable and
/// thread-safe.
@NullMarked
package org.walstream.node.config;

import org.jspecify.annotations.NullMarked;
