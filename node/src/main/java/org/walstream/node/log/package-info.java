/// The node's log: SLF4J's provider for every part of the program, writing lines as a PostgreSQL
/// server does.
///
/// ```
/// 2026-11-24 10:00:00.000 UTC [4711] receiver LOG:  started streaming WAL from primary at 0/3000000 on timeline 1
/// ```
///
/// Libraries log through SLF4J and never choose a format; this package is the only place that does.
/// Lines are written whole, by whichever thread logs. Counterpart of
/// src/backend/utils/error/elog.c.
@NullMarked
package org.walstream.node.log;

import org.jspecify.annotations.NullMarked;
