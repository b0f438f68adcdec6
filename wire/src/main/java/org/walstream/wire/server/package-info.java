/// The server's end of a connection: start-up, authentication, messages in and out.
///
/// [ServerConnection] carries whole messages over a [org.walstream.wire.transport.Transport];
/// [StartupNegotiation] and [ServerAuthentication] decide, step by step, without touching it. What
/// a session then does with commands is not known here.
///
/// Counterpart of src/backend/libpq/pqcomm.c, src/backend/tcop/backend_startup.c and
/// src/backend/libpq/auth.c. A connection belongs to one thread, except where a method says
/// otherwise.
@NullMarked
package org.walstream.wire.server;

import org.jspecify.annotations.NullMarked;
