/// WAL from elsewhere, brought into `pg_wal` for recovery to read it there.
///
/// ```
///   directories of segments ─┐
///   restore_command ─────────┴▶ WalPlacement ──▶ pg_wal ──▶ WalSupply ──▶ redo.recovery
///                                 one segment               ahead of need
/// ```
///
/// Start reading at [org.walstream.standby.supply.WalSupply].
@NullMarked
package org.walstream.standby.supply;

import org.jspecify.annotations.NullMarked;
