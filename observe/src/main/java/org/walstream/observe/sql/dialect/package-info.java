/// PostgreSQL's dialect, written anew for the engine: read by JSqlParser, and written by its
/// de-parsers with what differs written differently. Start reading at [Translator].
///
/// ```
/// SELECT slot_name, now() - inactive_since AS idle, restart_lsn::text FROM pg_replication_slots
///   ▼
/// SELECT "slot_name" AS "slot_name", "pg_catalog"."now"() - "inactive_since" AS "idle",
///   "pg_catalog"."walstream$lsn_out"("restart_lsn") AS "restart_lsn" FROM "pg_catalog"."pg_replication_slots"
/// ```
///
/// One translator a statement, one thread.
@NullMarked
package org.walstream.observe.sql.dialect;

import org.jspecify.annotations.NullMarked;
