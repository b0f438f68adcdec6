/// Connections as bytes: the only package of the module that touches sockets, and the place where
/// TLS will be put between the socket and the protocol.
///
/// A [Transport] blocks. One thread may read while another writes, and any thread may close, which
/// is how a blocked reader or writer is stopped; a thread must never be *interrupted* here, since
/// that closes the channel under everyone.
///
/// Counterpart: src/interfaces/libpq/fe-secure.c and src/backend/libpq/be-secure.c.
@NullMarked
package org.walstream.wire.transport;

import org.jspecify.annotations.NullMarked;
