package org.walstream.observe;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.hba.AuthLine;
import org.walstream.send.hba.HbaRule;
import org.walstream.send.hba.IdentLine;
import org.walstream.send.hba.User;
import org.walstream.send.server.SessionActivity;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.sync.StandbyNames;
import org.walstream.send.walsender.WalSender;
import org.walstream.store.ServedWal;

/// The status model: all there is to know of a node while it runs. What shows status (SQL today)
/// reads this and nothing else; what it hands out are the parts themselves, which know their state,
/// and no copies of it.
///
/// Asked on the thread of whoever wants to know, at any time; answers at once. Thread-safe.
public interface Status {

  ServedWal store();

  ReplicationSlots slots();

  RetentionHorizon horizon();

  /// Those who are sent WAL, or may ask for it.
  Collection<WalSender> senders();

  /// Which standbys somebody waits for; empty when nobody waits for any.
  default Optional<StandbyNames> synchronousStandbys() {
    return Optional.empty();
  }

  /// How the node is supplied; empty while it receives nothing.
  Optional<WalReceiverStatus> receiver();

  /// What is replayed here; empty when nothing is.
  default Optional<ReplayStatus> replay() {
    return Optional.empty();
  }

  /// What is archived here; empty when nothing is.
  default Optional<Archiving> archiving() {
    return Optional.empty();
  }

  /// Everybody who is connected.
  List<SessionActivity> sessions();

  Collection<User> users();

  /// What pg_hba.conf says now, in force or not.
  List<AuthLine<HbaRule>> hbaLines();

  /// What pg_ident.conf says now, in force or not.
  List<AuthLine<IdentLine>> identLines();

  /// The node's configuration, in the order of its sample file.
  List<Setting> settings();

  /// What the configuration files say now.
  List<FileSetting> fileSettings();

  /// The version of PostgreSQL whose WAL this is, as `server_version` reports it.
  String serverVersion();

  Instant started();

  /// When the configuration files were last read and found right.
  Instant configurationLoaded();

  /// How much comes and goes.
  Throughput throughput();

  /// The last lines of the log that tell of something wrong, oldest first.
  List<LoggedError> errors();

  /// Reads the configuration files again.
  ///
  /// @return false if they are wrong, and nothing has changed
  boolean reload();

  /// Ends what a session is doing, if anything.
  ///
  /// @return false if there is none with this number
  boolean cancel(int pid);

  /// Ends a session; its client is told.
  ///
  /// @return false if there is none with this number
  boolean terminate(int pid);
}
