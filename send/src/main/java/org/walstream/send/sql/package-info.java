/// What a node answers over SQL: PostgreSQL's status views and functions, `SHOW`, and the `SET`s
/// that clients send when they connect. Everything else is refused with SQLSTATE 0A000 and a hint.
///
/// [QueryEngine] is the seam: an engine that understands all of SQL will take the place of
/// [StatusQueries] behind it. Column names, types and texts are those of PostgreSQL 18, so that
/// what monitors a PostgreSQL server monitors a node.
///
/// Thread-safe, but for [SqlSession], which belongs to one connection.
@NullMarked
package org.walstream.send.sql;

import org.jspecify.annotations.NullMarked;
