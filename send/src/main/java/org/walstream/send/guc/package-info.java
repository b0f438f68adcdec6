/// PostgreSQL's settings ("GUC") as far as a node meets them: the names that PostgreSQL 15 to 18
/// know, what values they take, and who may set them when.
///
/// [GucTable] knows the names, [GucParameter] checks a value, [GucNumber] and [GucUnit] read
/// numbers as PostgreSQL does; [SessionParameters] is what one connection has set. A node's own
/// file is read with the same rules.
///
/// Counterpart of src/backend/utils/misc/guc.c. Immutable, but for [SessionParameters], which says
/// how it may be shared.
@NullMarked
package org.walstream.send.guc;

import org.jspecify.annotations.NullMarked;
