/// A standby: a data directory that is recovered for as long as WAL comes.
///
/// ```
///             Standby ──▶ redo.recovery.Recovery
///                              │ reads, waits
///                          StandbyWal ─ which source, which timeline
///              ┌───────────────┴────────────┐
///   supply.WalSupply                    Streaming ── receive.WalReceiver
///   archive, then pg_wal                    │ PgWalSink ── PgWalWriter
///              └──────────▶ pg_wal ◀────────┘
/// ```
///
/// [DirectoryFill] makes such a directory of an empty one.
///
/// Start reading at [org.walstream.standby.StandbyWal].
@NullMarked
package org.walstream.standby;

import org.jspecify.annotations.NullMarked;
