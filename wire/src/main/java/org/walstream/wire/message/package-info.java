/// The messages of the frontend/backend protocol, one file each, as values: [FrontendMessage] is
/// what a client says, [BackendMessage] what a server says. Each can be read and written, so that
/// either end can be built, and tested against the other.
///
/// ```
/// tag (1)  length (4, itself included)  body (length - 4)
/// ```
///
/// The first packet of a connection has no tag; those are [StartupPacket]s. Integers are
/// big-endian, strings are UTF-8 and end with a zero byte.
///
/// Counterpart: PostgreSQL manual, "Message Formats"; src/include/libpq/protocol.h. Everything here
/// is a value or a pure function; lengths from the peer are checked against what has come before
/// anything is allocated for them.
@NullMarked
package org.walstream.wire.message;

import org.jspecify.annotations.NullMarked;
