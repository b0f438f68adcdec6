/// A client of a PostgreSQL server, or of a Walstream relay: connect, authenticate, run a command,
/// enter a replication stream.
///
/// [PgClient] is blocking code over a [org.walstream.wire.transport.Transport]. Once in CopyBoth
/// mode its owner may take the transport and read the stream in its own way, as the WAL receiver
/// does, and give it back at the end.
///
/// Counterpart: src/interfaces/libpq. A client belongs to one thread; only [PgClient#close] and
/// [PgClient#cancel] are for any.
@NullMarked
package org.walstream.wire.client;

import org.jspecify.annotations.NullMarked;
