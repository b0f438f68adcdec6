/// One process composed of the parts below, from one configuration: the only place where receiving,
/// keeping and sending WAL meet.
///
/// [NodeDirectory] is what `walstream init` makes, [Node] what `walstream run` runs. Life cycle: a
/// node locks its directory with [PidFile], opens the WAL store, serves what it holds, and starts
/// the receiver; `SIGHUP` reloads, `SIGTERM` and `SIGINT` stop it in order (receiver, then senders
/// drained to the last byte, then the store).
@NullMarked
package org.walstream.node;

import org.jspecify.annotations.NullMarked;
