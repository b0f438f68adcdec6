/// The zone this process lives in: the place where `TZ` and the zone files are read. What they mean
/// is [org.walstream.wal.time]'s part.
@NullMarked
package org.walstream.node.time;

import org.jspecify.annotations.NullMarked;
