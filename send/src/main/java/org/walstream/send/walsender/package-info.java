/// Where a WAL byte goes out: one [WalSender] for each standby that streams, each at its own pace.
///
/// A sender has two virtual threads. One waits for WAL, reads it from the store and writes it; the
/// other reads what the standby says, so that a full send buffer never keeps an acknowledgement
/// from being heard. They share volatile fields and wake each other; only the first ever writes to
/// the socket. [WalSenders] knows them all and drives their time-outs from one platform thread.
///
/// Counterpart of src/backend/replication/walsender.c.
@NullMarked
package org.walstream.send.walsender;

import org.jspecify.annotations.NullMarked;
