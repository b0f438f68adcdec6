/// The long proof: gigabytes of WAL through a relay to a real standby and a real pg_receivewal,
/// while everything in between is killed again and again; at the end all copies must be the same.
/// `walstream bench soak` runs it.
///
/// [Soak] is the scenario, [Load] makes WAL and remembers what the primary acknowledged,
/// [WalComparison] compares directories of WAL byte by byte.
@NullMarked
package org.walstream.soak;

import org.jspecify.annotations.NullMarked;
