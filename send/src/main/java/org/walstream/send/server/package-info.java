/// The server itself: listens, lets clients in, and runs their sessions.
///
/// [WalServer] accepts on TCP and Unix sockets, one virtual thread per connection; [Session] is a
/// connection's life from the first byte to the last; [AccessControl] is asked who may in;
/// [CommandHandler]s do what clients say.
///
/// Counterpart of src/backend/postmaster/postmaster.c and src/backend/tcop/postgres.c, as far as a
/// relay needs them.
@NullMarked
package org.walstream.send.server;

import org.jspecify.annotations.NullMarked;
