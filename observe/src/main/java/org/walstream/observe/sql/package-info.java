/// SQL over the status of a node, in PostgreSQL's dialect, with its catalog, types and errors:
/// start reading at [SqlEngine].
///
/// | package | what it does |
/// |---|---|
/// | `dialect` | PostgreSQL's SQL, written anew for the engine |
/// | `catalog` | which relations and types there are |
/// | `view`, `function` | their rows, and what can be called |
/// | `type` | PostgreSQL's types in the engine's, and values as texts |
@NullMarked
package org.walstream.observe.sql;

import org.jspecify.annotations.NullMarked;
