/// The functions that the engine calls: [Functions] is the table of them. Public methods of public
/// classes, for the engine finds them by their names; they read
/// [org.walstream.observe.sql.context.QueryContext#current], on the thread of the query.
@NullMarked
package org.walstream.observe.sql.function;

import org.jspecify.annotations.NullMarked;
