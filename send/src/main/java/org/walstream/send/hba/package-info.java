/// Who may connect and how they prove it: pg_hba.conf and the node's own users file.
///
/// A file is read as a whole and checked as a whole; what comes out ([HbaFile], [UsersFile]) is
/// immutable, so a reload is one new value and a connection sees one state of the files. Nothing
/// here knows of connections: the server asks with a [Connection] of four facts and gets a rule or
/// none.
///
/// Counterpart of src/backend/libpq/hba.c. Everything is thread-safe.
@NullMarked
package org.walstream.send.hba;

import org.jspecify.annotations.NullMarked;
