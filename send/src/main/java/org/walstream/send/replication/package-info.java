/// Does what replication connections say: answers the small commands, keeps the connection's slots,
/// and hands streams to [org.walstream.send.walsender.WalSender].
///
/// Counterpart of exec_replication_command(), src/backend/replication/walsender.c. One handler per
/// connection, one thread.
@NullMarked
package org.walstream.send.replication;

import org.jspecify.annotations.NullMarked;
