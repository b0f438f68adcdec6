/// Local time as the C library reckons it, since that is what PostgreSQL's tools print: pg_waldump
/// and pg_controldata call localtime() and strftime(). Java's own zones differ from it: they do not
/// know POSIX rules, take the meaning of `GMT-8` the other way round and have other abbreviations.
///
/// ```
///   TZ ──▶ TimeZoneSetting ──┬─▶ TzifFile        a compiled zone: its transitions, then its footer
///            (asks ZoneFiles)└─▶ PosixTimeZone   `CET-1CEST,M3.5.0,M10.5.0/3`
///                                   │
///                 BrokenDownTime ◀──┴─▶ WallClock
///                 moment → fields       fields → moment
/// ```
///
/// Pure calculations over strings and bytes, as everything in this module: who knows the
/// environment and the files passes them in. The rules are immutable; a [BrokenDownTime] is for one
/// thread. Formats: RFC 9636 (TZif), POSIX.1-2024 section 8.3 (TZ), and where these leave things
/// open or files and strings are broken, what glibc makes of them. Start at [TimeZoneSetting].
@NullMarked
package org.walstream.wal.time;

import org.jspecify.annotations.NullMarked;
