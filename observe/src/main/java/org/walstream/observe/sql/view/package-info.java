/// PostgreSQL's views, filled from the [org.walstream.observe.Status] of the node: start reading at
/// [SystemViews]. No state; run on the thread of the query.
@NullMarked
package org.walstream.observe.sql.view;

import org.jspecify.annotations.NullMarked;
