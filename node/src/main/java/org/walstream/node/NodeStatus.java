package org.walstream.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.walstream.node.config.Configuration;
import org.walstream.node.log.LogSink;
import org.walstream.observe.Archiving;
import org.walstream.observe.FileSetting;
import org.walstream.observe.LoggedError;
import org.walstream.observe.ReplayStatus;
import org.walstream.observe.Setting;
import org.walstream.observe.Status;
import org.walstream.observe.Throughput;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.hba.AuthLine;
import org.walstream.send.hba.HbaRule;
import org.walstream.send.hba.IdentLine;
import org.walstream.send.hba.User;
import org.walstream.send.server.HbaAccess;
import org.walstream.send.server.SessionActivity;
import org.walstream.send.server.WalServer;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.sync.StandbyNames;
import org.walstream.send.walsender.WalSender;
import org.walstream.send.walsender.WalSenders;
import org.walstream.store.ServedWal;

/// The parts of a node as the status model hands them out. Thread-safe; never waits.
///
/// @param waitedFor which standbys the upstream is told to wait for
/// @param configuration the settings in force, and when they were read
record NodeStatus(
    ServedWal store,
    ReplicationSlots slots,
    RetentionHorizon horizon,
    WalSenders walSenders,
    Supplier<Optional<StandbyNames>> waitedFor,
    Supplier<Optional<WalReceiverStatus>> walReceiver,
    Optional<ReplayStatus> replay,
    Supplier<Optional<Archiving>> archiver,
    HbaAccess access,
    Supplier<WalServer> server,
    Supplier<Loaded> configuration,
    Supplier<String> version,
    Instant started,
    Throughput throughput,
    Path configurationFile,
    BooleanSupplier reloader)
    implements Status {

  /// A configuration, and when it was read.
  record Loaded(Configuration configuration, Instant at) {}

  @Override
  public Collection<WalSender> senders() {
    return walSenders.active();
  }

  @Override
  public Optional<StandbyNames> synchronousStandbys() {
    return waitedFor.get();
  }

  @Override
  public Optional<WalReceiverStatus> receiver() {
    return walReceiver.get();
  }

  @Override
  public Optional<Archiving> archiving() {
    return archiver.get();
  }

  @Override
  public List<SessionActivity> sessions() {
    return server.get().activity();
  }

  @Override
  public Collection<User> users() {
    return access.users();
  }

  @Override
  public List<AuthLine<HbaRule>> hbaLines() {
    return access.hbaLines();
  }

  @Override
  public List<AuthLine<IdentLine>> identLines() {
    return access.identLines();
  }

  @Override
  public List<Setting> settings() {
    return configuration.get().configuration().settings();
  }

  @Override
  public List<FileSetting> fileSettings() {
    try {
      return Configuration.look(configurationFile, configuration.get().configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String serverVersion() {
    return version.get();
  }

  @Override
  public Instant configurationLoaded() {
    return configuration.get().at();
  }

  @Override
  public List<LoggedError> errors() {
    return LogSink.errors();
  }

  @Override
  public boolean reload() {
    return reloader.getAsBoolean();
  }

  @Override
  public boolean cancel(int pid) {
    return server.get().cancel(pid);
  }

  @Override
  public boolean terminate(int pid) {
    return server.get().terminate(pid);
  }
}
