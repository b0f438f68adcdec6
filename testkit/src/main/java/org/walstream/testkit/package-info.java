/// Real PostgreSQL servers and the ways they die, for the tests, the demo and the benchmarks.
///
/// Start reading at [org.walstream.testkit.PostgresServer]: a server of any major version in a
/// directory of its own, started in a fraction of a second from binaries that the build has
/// fetched. [org.walstream.testkit.FaultProxy] stands between two programs and delays, throttles or
/// cuts what they say; [org.walstream.testkit.CrashProcess] runs a program to be killed at a bad
/// moment; [org.walstream.testkit.PostgresTools] finds PostgreSQL's own client tools, the oracles.
///
/// Thread rule: every type here may be used by several threads, one life cycle call at a time.
/// Nothing here depends on a test framework, and nothing of ours depends on this at run time but
/// the demo and the benchmarks.
@NullMarked
package org.walstream.testkit;

import org.jspecify.annotations.NullMarked;
