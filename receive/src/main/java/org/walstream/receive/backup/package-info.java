/// A base backup over the replication protocol, unpacked into a directory and proven by its
/// manifest.
///
/// ```
///   server ──BASE_BACKUP──▶ BaseBackup ──archives──▶ TarStream ──files──▶ PlainBackup ──▶ directory
///                               └──────manifest──▶ BackupManifest ──what must be there──┘
/// ```
///
/// Start reading at [org.walstream.receive.backup.BaseBackup].
///
/// Counterpart: src/bin/pg_basebackup/pg_basebackup.c and src/backend/backup/basebackup_copy.c.
@NullMarked
package org.walstream.receive.backup;

import org.jspecify.annotations.NullMarked;
