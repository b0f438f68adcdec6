/// What a query is asked about, and by whom. One query, one thread.
@NullMarked
package org.walstream.observe.sql.context;

import org.jspecify.annotations.NullMarked;
