package org.walstream.observe;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.ServerFixture;
import org.walstream.send.hba.AuthLine;
import org.walstream.send.hba.HbaRule;
import org.walstream.send.hba.IdentLine;
import org.walstream.send.hba.User;
import org.walstream.send.server.SessionActivity;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.walsender.WalSender;
import org.walstream.store.WalStore;

/// The status of a [ServerFixture], which receives what a test says it does.
public final class FixtureStatus implements Status {

  private final ServerFixture fixture;

  /// Set by tests.
  public volatile Optional<WalReceiverStatus> receiver = Optional.empty();

  private final Throughput throughput = new Throughput();

  /// Set by tests.
  public volatile List<LoggedError> errors = List.of();

  public final List<String> done = new ArrayList<>();

  public FixtureStatus(ServerFixture fixture) {
    this.fixture = fixture;
  }

  @Override
  public WalStore store() {
    return fixture.store;
  }

  @Override
  public ReplicationSlots slots() {
    return fixture.slots;
  }

  @Override
  public RetentionHorizon horizon() {
    return fixture.horizon;
  }

  @Override
  public Collection<WalSender> senders() {
    return fixture.senders.active();
  }

  @Override
  public Optional<WalReceiverStatus> receiver() {
    return receiver;
  }

  @Override
  public List<SessionActivity> sessions() {
    return fixture.server == null ? List.of() : fixture.server.activity();
  }

  @Override
  public Collection<User> users() {
    return fixture.access.users();
  }

  @Override
  public List<AuthLine<IdentLine>> identLines() {
    return fixture.access.identLines();
  }

  @Override
  public List<AuthLine<HbaRule>> hbaLines() {
    return fixture.access.hbaLines();
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        new Setting("max_wal_senders", "500", "500", "Sending", "how many may follow", true, false),
        new Setting("wal_keep_size", "64MB", "0", "Sending", "kept for all", false, true));
  }

  @Override
  public List<FileSetting> fileSettings() {
    return List.of(
        new FileSetting(
            "/n/walstream.conf",
            3,
            Optional.of("wal_keep_size"),
            Optional.of("64MB"),
            true,
            Optional.empty()));
  }

  @Override
  public String serverVersion() {
    return ServerFixture.SERVER_VERSION;
  }

  @Override
  public Instant started() {
    return Instant.parse("2026-11-24T10:00:00Z");
  }

  @Override
  public Instant configurationLoaded() {
    return Instant.parse("2026-11-24T10:00:00Z");
  }

  @Override
  public Throughput throughput() {
    return throughput;
  }

  @Override
  public List<LoggedError> errors() {
    return errors;
  }

  @Override
  public boolean reload() {
    done.add("reload");
    return true;
  }

  @Override
  public boolean cancel(int pid) {
    done.add("cancel " + pid);
    return fixture.server.cancel(pid);
  }

  @Override
  public boolean terminate(int pid) {
    done.add("terminate " + pid);
    return fixture.server.terminate(pid);
  }
}
