package org.walstream.observe.change;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.walstream.observe.JsonObject;
import org.walstream.wal.Lsn;

/// One change of state: of the upstream, of a standby, or of a slot.
///
/// @param name the standby's `application_name`, the slot's name, or the upstream's host and port
/// @param pid the standby's session, as in `pg_stat_replication`; 0 for others
/// @param previous the state before; empty for what was not known before
/// @param lsn how far it is: a standby's and a slot's own position, what was received of an
///   upstream; 0 while unknown
/// @param behindBytes how much is missing; negative while unknown
/// @param reason in words, if there is one; empty otherwise
public record ReplicationChange(
    Instant time,
    Subject subject,
    String name,
    int pid,
    State state,
    Optional<State> previous,
    long lsn,
    long behindBytes,
    String reason) {

  private static final int REASON_MAX = 1000;

  /// Of what the state is.
  public enum Subject {
    UPSTREAM,
    STANDBY,
    SLOT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// PostgreSQL's word where it has one.
  public enum State {
    /// The connection is there, and no WAL yet.
    CONNECTED,
    /// WAL comes, and there is more that has not come yet.
    CATCHUP,
    /// All there is has come.
    STREAMING,
    /// It had all, and is far behind again.
    LAGGING,
    /// The node is shutting down, and the standby is to confirm what is left.
    STOPPING,
    /// It has gone in order.
    DISCONNECTED,
    /// It has gone otherwise; for an upstream: it cannot be reached.
    BROKEN,
    /// A slot's WAL is kept.
    SAFE,
    /// A slot holds almost as much as it may, or more.
    AT_RISK,
    /// A slot's WAL is gone.
    LOST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What those are told who LISTEN: one JSON object on one line.
  public String toJson() {
    var json =
        new JsonObject()
            .put("time", time.truncatedTo(ChronoUnit.MICROS).toString())
            .put("subject", subject.toString())
            .put("name", name);
    if (pid != 0) {
      json.put("pid", pid);
    }
    json.put("state", state.toString());
    json.putIfPresent("previous", previous.map(State::toString));
    if (lsn != 0) {
      json.put("lsn", Lsn.format(lsn));
    }
    if (behindBytes >= 0) {
      json.put("behind_bytes", behindBytes);
    }
    if (!reason.isEmpty()) {
      json.put("reason", reason.length() > REASON_MAX ? reason.substring(0, REASON_MAX) : reason);
    }
    return json.toString();
  }
}
