/// What a node knows of itself: [Status] is the model, and `sql` answers PostgreSQL's queries over
/// it.
///
/// Thread-safe throughout; nothing here keeps state of the node's.
@NullMarked
package org.walstream.observe;

import org.jspecify.annotations.NullMarked;
