package org.walstream.receive;

import java.time.Instant;
import java.util.Optional;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;

/// A receiver's state at one moment: the columns of pg_stat_wal_receiver. Positions are 0 while
/// unknown.
///
/// @param pid of the process
/// @param status in PostgreSQL's words
/// @param senderHost of the server that sends or sent last; empty until there was one
/// @param conninfo with secrets hidden
/// @param lastError why the last attempt ended, as long as there is no new stream; not a column of
///   PostgreSQL's
public record WalReceiverStatus(
    long pid,
    Status status,
    long receiveStartLsn,
    Optional<TimelineId> receiveStartTli,
    long writtenLsn,
    long flushedLsn,
    Optional<TimelineId> receivedTli,
    Optional<Instant> lastMsgSendTime,
    Optional<Instant> lastMsgReceiptTime,
    long latestEndLsn,
    Optional<Instant> latestEndTime,
    Optional<String> slotName,
    Optional<String> senderHost,
    Optional<Integer> senderPort,
    String conninfo,
    Optional<String> lastError) {

  /// Host and port of the server that sends or sent last; nothing until there was one.
  public String sender() {
    return senderHost.map(host -> host + senderPort.map(port -> ":" + port).orElse("")).orElse("");
  }

  /// A line for whoever watches the process: `streaming, 0/5000060 flushed, 96 bytes behind`.
  public String summary() {
    String position = flushedLsn == 0 ? "" : ", " + Lsn.format(flushedLsn) + " flushed";
    long behind = latestEndLsn - flushedLsn;
    String lag =
        status == Status.STREAMING && flushedLsn != 0 && behind >= 0
            ? ", " + behind + " bytes behind"
            : "";
    return status + position + lag + lastError.map(error -> ": " + error).orElse("");
  }

  /// WALRCV_* in src/include/replication/walreceiver.h; CONNECTING is PostgreSQL 19's.
  public enum Status {
    STOPPED("stopped"),
    STARTING("starting"),
    CONNECTING("connecting"),
    STREAMING("streaming"),
    WAITING("waiting"),
    RESTARTING("restarting"),
    STOPPING("stopping");

    private final String text;

    Status(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
