package org.walstream.send.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.walstream.send.ClientIdentity;
import org.walstream.send.sync.StandbyNames.Method;
import org.walstream.send.walsender.WalSender;
import org.walstream.send.walsender.WalSenderState;

/// The standbys of one moment, seen by `synchronous_standby_names`: whose confirmation counts, and
/// how far enough of them have come.
///
/// ```
/// async       named by nobody, or says of nothing that it is flushed
/// potential   would count if one before it went
/// sync        counts: all of these are waited for
/// quorum      counts: so many of these are waited for
/// ```
///
/// Counterpart of SyncRepGetCandidateStandbys() and SyncRepGetSyncRecPtr(), syncrep.c, and of
/// pg_stat_get_wal_senders(), walsender.c. Immutable.
public final class SyncStandbys {

  /// One standby, as far as it matters here.
  ///
  /// @param pid who came first has the smaller number
  /// @param streams whether it has caught up
  record Standby(int pid, String applicationName, boolean streams, long flushedLsn) {

    static Standby of(WalSender sender) {
      ClientIdentity client = sender.client();
      WalSenderState state = sender.state();
      return new Standby(
          client.pid(),
          client.applicationName(),
          state == WalSenderState.STREAMING || state == WalSenderState.STOPPING,
          sender.progress().flushedLsn());
    }
  }

  private record Candidate(Standby standby, int priority) {}

  private final Optional<StandbyNames> names;

  /// Those that count, the first to count first.
  private final List<Candidate> counting;

  private SyncStandbys(Optional<StandbyNames> names, List<Candidate> counting) {
    this.names = names;
    this.counting = counting;
  }

  /// @param names empty where nobody waits for a standby
  public static SyncStandbys of(Optional<StandbyNames> names, Collection<WalSender> senders) {
    return among(names, names.isEmpty() ? List.of() : senders.stream().map(Standby::of).toList());
  }

  static SyncStandbys among(Optional<StandbyNames> names, List<Standby> standbys) {
    var candidates = new ArrayList<Candidate>();
    if (names.isPresent()) {
      for (Standby standby : standbys) {
        int priority = names.get().priority(standby.applicationName);
        if (standby.streams && standby.flushedLsn != 0 && priority > 0) {
          candidates.add(new Candidate(standby, priority));
        }
      }
      candidates.sort(
          Comparator.comparingInt(Candidate::priority).thenComparingInt(c -> c.standby.pid));
      if (names.get().method() == Method.FIRST && candidates.size() > names.get().count()) {
        candidates.subList(names.get().count(), candidates.size()).clear();
      }
    }
    return new SyncStandbys(names, candidates);
  }

  /// `pg_stat_replication.sync_priority`: 0 for those that never count.
  public int priority(WalSender sender) {
    return priority(Standby.of(sender));
  }

  int priority(Standby standby) {
    return standby.flushedLsn == 0
        ? 0
        : names.map(wanted -> wanted.priority(standby.applicationName)).orElse(0);
  }

  /// `pg_stat_replication.sync_state`.
  public String state(WalSender sender) {
    return state(Standby.of(sender));
  }

  String state(Standby standby) {
    if (priority(standby) == 0) {
      return "async";
    }
    boolean counts = counting.stream().anyMatch(candidate -> candidate.standby.pid == standby.pid);
    if (!counts) {
      return "potential";
    }
    return names.orElseThrow().method() == Method.FIRST ? "sync" : "quorum";
  }

  /// How far as many have flushed as are waited for; empty while there are fewer.
  public OptionalLong flushedLsn() {
    if (names.isEmpty() || counting.size() < names.get().count()) {
      return OptionalLong.empty();
    }
    return counting.stream()
        .map(candidate -> candidate.standby.flushedLsn)
        .sorted((one, other) -> Long.compareUnsigned(other, one))
        .skip(names.get().count() - 1)
        .mapToLong(Long::longValue)
        .findFirst();
  }
}
