/// What a replication connection can ask for, as values: [ReplicationCommand] and the parser that
/// makes them of text. What a command does is not known here.
///
/// Counterpart of src/backend/replication/repl_gram.y and repl_scanner.l. Pure functions.
@NullMarked
package org.walstream.send.command;

import org.jspecify.annotations.NullMarked;
