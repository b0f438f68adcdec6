package org.walstream.send.sql;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.send.ClientIdentity;
import org.walstream.send.Interrupts;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.notify.NotificationQueue;

/// What a connection has of its own: who it is, what it may see, what it has set. One thread.
public final class SqlSession {

  private final ClientIdentity client;
  private final SessionParameters parameters;
  private final boolean monitor;
  private final TransactionBlock transaction;
  private final Listening listening;
  private final Interrupts interrupts = new Interrupts();
  private volatile Instant statementBegun = Instant.now();

  /// A session that is never notified of anything.
  ///
  /// @param monitor whether the user may see the details of others (pg_read_all_stats)
  public SqlSession(ClientIdentity client, SessionParameters parameters, boolean monitor) {
    this(client, parameters, monitor, null);
  }

  /// @param monitor whether the user may see the details of others (pg_read_all_stats)
  /// @param notifications what may be listened to
  public SqlSession(
      ClientIdentity client,
      SessionParameters parameters,
      boolean monitor,
      @Nullable NotificationQueue notifications) {
    this.client = client;
    this.parameters = parameters;
    this.monitor = monitor;
    this.listening = new Listening(notifications);
    this.transaction = new TransactionBlock(parameters, listening);
  }

  public ClientIdentity client() {
    return client;
  }

  public boolean mayMonitor() {
    return monitor;
  }

  /// What is set here, and what is shown.
  public SessionParameters parameters() {
    return parameters;
  }

  /// The time that `now()` tells: when the transaction began.
  public Instant transactionBegun() {
    return transactionBlockBegun().orElse(statementBegun);
  }

  /// When the block began that the session is in; empty when it is in none.
  public Optional<Instant> transactionBlockBegun() {
    return transaction.begun();
  }

  /// What may end a statement before its time.
  public Interrupts interrupts() {
    return interrupts;
  }

  /// The channels that the session listens to.
  public List<String> listeningChannels() {
    return listening.isOn() ? List.of(NotificationQueue.CHANNEL) : List.of();
  }

  Listening listening() {
    return listening;
  }

  TransactionBlock transaction() {
    return transaction;
  }

  void beginStatement() {
    statementBegun = Instant.now();
  }
}
