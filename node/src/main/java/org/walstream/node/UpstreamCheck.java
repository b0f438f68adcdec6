package org.walstream.node;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.walstream.receive.ReceiveException;
import org.walstream.receive.ReplicationSession;
import org.walstream.receive.SystemIdentification;
import org.walstream.receive.WalPosition;
import org.walstream.wal.Lsn;
import org.walstream.wire.PostgresException;
import org.walstream.wire.SqlState;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.client.QueryResult;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoException;
import org.walstream.wire.conninfo.ConnInfoOption;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.StopSignal;

/// Looks at an upstream as a receiver will meet it: can it be reached, does it let us in, is it the
/// right cluster, will it keep the WAL we need.
public final class UpstreamCheck {

  private static final String TOPIC = "upstream";

  /// Lag in time is measured against two clocks; more than this makes it a lie.
  private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(1);

  private final ConnInfo conninfo;
  private final LibpqEnvironment environment;
  private final Optional<String> slot;
  private final OptionalLong systemIdentifier;
  private final List<Finding> findings = new ArrayList<>();

  /// @param slot to be streamed from
  /// @param systemIdentifier the cluster it must be; empty for any
  public UpstreamCheck(
      ConnInfo conninfo,
      LibpqEnvironment environment,
      Optional<String> slot,
      OptionalLong systemIdentifier) {
    this.conninfo = conninfo;
    this.environment = environment;
    this.slot = slot;
    this.systemIdentifier = systemIdentifier;
  }

  /// @param connected whether a receiver of ours may be using the slot now
  public List<Finding> run(boolean connected) {
    try (var session = ReplicationSession.connect(conninfo, environment, new StopSignal())) {
      identify(session);
      settings(session);
      slot(session);
      session.client().terminate();
    } catch (IOException | ConnInfoException e) {
      findings.add(Finding.error(TOPIC, text(e), advice(e)));
      return findings;
    }
    askInSql(connected);
    return findings;
  }

  private void identify(ReplicationSession session) throws IOException {
    SystemIdentification system = session.identifySystem();
    String version = session.client().parameter("server_version").orElse("unknown");
    String who =
        "PostgreSQL %s at %s:%d, system %s, timeline %s, WAL up to %s"
            .formatted(
                version,
                session.client().host().host(),
                session.client().host().port(),
                Long.toUnsignedString(system.systemIdentifier()),
                system.timeline(),
                Lsn.format(system.flushLsn()));
    if (systemIdentifier.isPresent() && systemIdentifier.getAsLong() != system.systemIdentifier()) {
      findings.add(
          Finding.error(
              TOPIC,
              "%s, but the WAL here is of system %s"
                  .formatted(who, Long.toUnsignedString(systemIdentifier.getAsLong())),
              "Point \"primary_conninfo\" at the cluster whose WAL this is, or begin a new node."));
    } else {
      findings.add(Finding.ok(TOPIC, who));
    }
  }

  private void settings(ReplicationSession session) throws IOException {
    if (session.show("wal_level").equals("minimal")) {
      findings.add(
          Finding.error(
              "wal_level",
              "wal_level is minimal: this WAL cannot be replicated",
              "Set wal_level to replica on the upstream and restart it."));
    }
    if (slot.isEmpty() && isZero(session.show("wal_keep_size"))) {
      findings.add(
          Finding.warning(
              "slot",
              "no slot, and the upstream's wal_keep_size is 0: WAL written while the node is away"
                  + " may be gone when it comes back",
              "Set \"primary_slot_name\" to a slot made for this node."));
    }
  }

  private static boolean isZero(String size) {
    return size.equals("0") || size.matches("0[a-zA-Z]+");
  }

  private void slot(ReplicationSession session) throws IOException {
    if (slot.isEmpty()) {
      return;
    }
    try {
      Optional<WalPosition> kept = session.readSlot(slot.get());
      findings.add(
          Finding.ok(
              "slot",
              "slot \"%s\" keeps WAL from %s on"
                  .formatted(slot.get(), kept.map(WalPosition::toString).orElse("its first use"))));
    } catch (ReceiveException e) {
      findings.add(
          Finding.error(
              "slot",
              text(e),
              "Make it on the upstream: SELECT pg_create_physical_replication_slot('%s', true)"
                  .formatted(slot.get())));
    }
  }

  /// What only SQL tells; a role that may replicate need not be let into a database.
  private void askInSql(boolean connected) {
    ConnInfo sql =
        conninfo.with(ConnInfoOption.DBNAME, "postgres").with(ConnInfoOption.REPLICATION, "false");
    try (var client = PgClient.connect(ConnectionSettings.of(sql, environment))) {
      clock(client);
      senders(client, connected);
      slotState(client);
      client.terminate();
    } catch (IOException | ConnInfoException e) {
      findings.add(
          Finding.note("sql", "clock, free senders and the slot's state not seen: " + text(e)));
    }
  }

  private void clock(PgClient client) throws IOException {
    Instant before = Instant.now();
    QueryResult answer = client.query("SELECT extract(epoch FROM clock_timestamp()) * 1000");
    Instant after = Instant.now();
    var theirs = Instant.ofEpochMilli((long) Double.parseDouble(value(answer, 0)));
    Duration difference =
        theirs.isBefore(before)
            ? Duration.between(theirs, before)
            : theirs.isAfter(after) ? Duration.between(after, theirs) : Duration.ZERO;
    if (difference.compareTo(CLOCK_DIFFERENCE) > 0) {
      findings.add(
          Finding.warning(
              "clock",
              "the upstream's clock differs by %.1f s".formatted(difference.toMillis() / 1000.0),
              "Have both keep time by NTP: times of lag are measured by both clocks."));
    } else {
      findings.add(Finding.ok("clock", "the upstream's clock agrees"));
    }
  }

  private void senders(PgClient client, boolean connected) throws IOException {
    QueryResult answer =
        client.query(
            "SELECT count(*), current_setting('max_wal_senders') FROM pg_stat_replication");
    int used = Integer.parseInt(value(answer, 0));
    int most = Integer.parseInt(value(answer, 1));
    String text = "%d of %d WAL senders are in use".formatted(used, most);
    // The receiver's own, and two that fetch older WAL on demand.
    if (most - used < (connected ? 2 : 3)) {
      findings.add(
          Finding.warning(
              "senders", text, "Raise max_wal_senders on the upstream by three for this node."));
    } else {
      findings.add(Finding.ok("senders", text));
    }
  }

  private void slotState(PgClient client) throws IOException {
    if (slot.isEmpty()) {
      return;
    }
    QueryResult answer =
        client.query(
            "SELECT wal_status, safe_wal_size FROM pg_replication_slots WHERE slot_name = '%s'"
                .formatted(slot.get().replace("'", "''")));
    if (answer.isEmpty() || answer.text(0, 0) == null) {
      return;
    }
    String status = value(answer, 0);
    if (status.equals("lost")) {
      findings.add(
          Finding.error(
              "slot",
              "slot \"%s\" has lost its WAL".formatted(slot.get()),
              "Drop it, make it anew, and begin with an empty WAL directory."));
    } else if (status.equals("unreserved")) {
      findings.add(
          Finding.warning(
              "slot",
              "slot \"%s\" is about to lose its WAL".formatted(slot.get()),
              "Raise max_slot_wal_keep_size on the upstream, or start the node at once."));
    }
  }

  private static String value(QueryResult answer, int column) {
    return String.valueOf(answer.text(0, column));
  }

  private static String text(Exception e) {
    PostgresException refused = refusal(e);
    return refused == null ? String.valueOf(e.getMessage()).strip() : refused.primaryMessage();
  }

  private static @Nullable PostgresException refusal(@Nullable Throwable e) {
    return e == null || e instanceof PostgresException
        ? (PostgresException) e
        : refusal(e.getCause());
  }

  /// What to do about a connection that cannot be had.
  private String advice(Exception e) {
    PostgresException refused = refusal(e);
    if (refused == null) {
      return "Is the server up, is it listening on this address and port (listen_addresses), and"
          + " does no firewall stand between?";
    }
    return switch (refused.sqlState()) {
      case SqlState.INVALID_AUTHORIZATION ->
          "Let the role in on the upstream: a line \"host replication ROLE ADDRESS scram-sha-256\""
              + " in its pg_hba.conf.";
      case SqlState.INVALID_PASSWORD ->
          "Give the right password, best in a password file (~/.pgpass, passfile=).";
      case SqlState.INSUFFICIENT_PRIVILEGE -> "On the upstream: ALTER ROLE ... REPLICATION.";
      case SqlState.TOO_MANY_CONNECTIONS ->
          "Raise max_wal_senders or max_connections on the upstream.";
      case SqlState.CANNOT_CONNECT_NOW -> "Wait until the server has started, and look at its log.";
      default -> refused.hint();
    };
  }
}
