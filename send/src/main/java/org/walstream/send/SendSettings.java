package org.walstream.send;

/// What a node's configuration says about sending. Read anew for each decision, so that a reload
/// takes effect at once.
///
/// @param maxWalSenders how many standbys may stream at once
/// @param maxConnections how many clients of all kinds may be connected at once
/// @param authenticationTimeoutMs longest time from connect to authenticated
/// @param walSenderTimeoutMs silence after which a standby is taken for dead; 0: never
/// @param forwardFlushed true passes WAL on only once it is flushed here, as PostgreSQL does; false
///   once it is written
/// @param logConnections what is logged of a connection
/// @param logReplicationCommands whether each replication command is logged
public record SendSettings(
    int maxWalSenders,
    int maxConnections,
    long authenticationTimeoutMs,
    long walSenderTimeoutMs,
    boolean forwardFlushed,
    ConnectionLog logConnections,
    boolean logReplicationCommands) {

  public static final SendSettings DEFAULT =
      new SendSettings(500, 1000, 60_000, 60_000, false, ConnectionLog.OFF, false);

  public SendSettings withMaxWalSenders(int maxWalSenders) {
    return new SendSettings(
        maxWalSenders,
        maxConnections,
        authenticationTimeoutMs,
        walSenderTimeoutMs,
        forwardFlushed,
        logConnections,
        logReplicationCommands);
  }

  public SendSettings withWalSenderTimeoutMs(long walSenderTimeoutMs) {
    return new SendSettings(
        maxWalSenders,
        maxConnections,
        authenticationTimeoutMs,
        walSenderTimeoutMs,
        forwardFlushed,
        logConnections,
        logReplicationCommands);
  }
}
