/// The door for SQL: takes query strings apart, does what concerns the session itself (settings,
/// transactions, cursors, COPY), and hands queries to a [QueryEngine], which lies outside of this
/// module.
///
/// Start reading at [SqlCommands]. Thread-safe, but for what belongs to one connection.
@NullMarked
package org.walstream.send.sql;

import org.jspecify.annotations.NullMarked;
