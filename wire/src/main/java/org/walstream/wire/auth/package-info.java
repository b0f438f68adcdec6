/// Proving who one is: the ways of authentication that PostgreSQL has, as pure steps, a message in,
/// an answer out. Nothing here touches a socket.
///
/// Counterpart: src/interfaces/libpq/fe-auth.c, fe-auth-scram.c; src/backend/libpq/auth.c,
/// auth-scram.c. A step object belongs to one connection attempt and one thread.
@NullMarked
package org.walstream.wire.auth;

import org.jspecify.annotations.NullMarked;
