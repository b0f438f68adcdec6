/// Connections as bytes: the only package of the module that touches sockets. TLS is a transport
/// over a transport, in [org.walstream.wire.tls].
///
/// A [Transport] blocks. One thread may read while another writes, and any thread may close, which
/// is how a blocked reader or writer is stopped; a thread must never be *interrupted* here, since
/// that closes the channel under everyone.
///
/// Counterpart: src/interfaces/libpq/fe-secure.c and src/backend/libpq/be-secure.c.
@NullMarked
package org.walstream.wire.transport;

import org.jspecify.annotations.NullMarked;
