/// Which relations and types there are. Immutable once loaded.
@NullMarked
package org.walstream.observe.sql.catalog;

import org.jspecify.annotations.NullMarked;
