/// Changes of replication's state, as they happen: [ReplicationWatch] finds them, a
/// [ReplicationChange] is one.
@NullMarked
package org.walstream.observe.change;

import org.jspecify.annotations.NullMarked;
