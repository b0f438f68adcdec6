/// `walstream replay`: a stopped data directory is rolled forward with WAL and left in recovery.
///
/// ```
/// ReplayOptions ─ what is wanted      cluster.ClusterSettings ─ what postgresql.conf says
///        └──────────────┬──────────────────────┘
///                 ReplayCommand ──▶ redo.recovery.Recovery
///                                          ▲ reads pg_wal
///              standby.supply.WalSupply ───┘
///              --wal directories, restore_command, into pg_wal, ahead of need
/// ```
///
/// Start reading at [org.walstream.cli.replay.ReplayCommand].
@NullMarked
package org.walstream.cli.replay;

import org.jspecify.annotations.NullMarked;
