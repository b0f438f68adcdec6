package org.walstream.receive;

import org.walstream.wal.PgTimestamp;
import org.walstream.wal.machine.Machine;

/// What the reading thread knows about the stream, left where others can see it: written by one
/// thread per message, read by any.
final class StreamProgress {

  private final Machine machine;

  private volatile long lastMessageNanos;
  private volatile long provenLsn;
  private volatile long lastMessageSendTime;
  private volatile long lastMessageReceiptTime;
  private volatile long latestEndLsn;
  private volatile long latestEndTime;

  StreamProgress(Machine machine) {
    this.machine = machine;
    this.lastMessageNanos = machine.nanoTime();
  }

  /// A message has come, from which the sender's position and clock are known.
  void message(long walEndLsn, long sendTimeMicros) {
    long now = PgTimestamp.micros(machine.now());
    lastMessageNanos = machine.nanoTime();
    lastMessageSendTime = sendTimeMicros;
    lastMessageReceiptTime = now;
    if (walEndLsn != latestEndLsn) {
      latestEndLsn = walEndLsn;
      latestEndTime = sendTimeMicros;
    }
  }

  /// The sender has been heard, whatever it said: silence counts from here.
  void heard() {
    lastMessageNanos = machine.nanoTime();
  }

  /// Everything before `lsn` may be acknowledged once it is durable: it has been found good, or
  /// nobody has asked to look.
  void proven(long lsn) {
    provenLsn = lsn;
  }

  long provenLsn() {
    return provenLsn;
  }

  long lastMessageNanos() {
    return lastMessageNanos;
  }

  long lastMessageSendTime() {
    return lastMessageSendTime;
  }

  long lastMessageReceiptTime() {
    return lastMessageReceiptTime;
  }

  long latestEndLsn() {
    return latestEndLsn;
  }

  long latestEndTime() {
    return latestEndTime;
  }
}
