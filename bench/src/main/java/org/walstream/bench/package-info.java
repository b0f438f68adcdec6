/// `walstream bench`: Walstream beside PostgreSQL's own tools, doing the same work in one run.
///
/// Absolute figures say more about a machine than about a program, and differ by half from one hour
/// to the next. So the two take turns, each starts with memory in a known state, medians are
/// compared, and the ratio is the result.
///
/// Start reading at [org.walstream.bench.BenchCommand]. Thread rule: everything here belongs to the
/// main thread, but for the sinks, which have one thread together.
@NullMarked
package org.walstream.bench;

import org.jspecify.annotations.NullMarked;
