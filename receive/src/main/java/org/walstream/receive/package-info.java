/// The WAL receiver: connect to a primary or a relay, stream its WAL into a [WalSink], acknowledge
/// what is safe, follow timelines, try again for ever.
///
/// ```
///              ┌────────────── WalReceiver: connect, check, choose a start, retry ──────────────┐
///  server ──w──▶ StreamReader ──verify──▶ WalSink.append ──▶ store.WalLog (write; fsync beside) │
///    ▲         └───────────────────────────────────────────────────────┬───────────────────────-┘
///    └───r,h──── ReplyWriter ◀── ReplySchedule ◀── written, flushed ────┘
/// ```
///
/// Threads: a platform thread reads, verifies and writes (a virtual one would halve the rate);
/// another platform thread writes replies, so that neither direction of the socket ever holds up
/// the other; the store's own does the fsync. Start with [WalReceiver]; [ReceiveJob] is `walstream
/// receive` without its flags.
///
/// Counterpart: src/backend/replication/walreceiver.c; src/bin/pg_basebackup/receivelog.c,
/// pg_receivewal.c.
@NullMarked
package org.walstream.receive;

import org.jspecify.annotations.NullMarked;
