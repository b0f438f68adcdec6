package org.walstream.send.walsender;

import java.util.Locale;

/// What a sender is doing, as `pg_stat_replication.state` says it.
public enum WalSenderState {
  STARTUP,
  /// Sending what was there before: the standby is behind.
  CATCHUP,
  /// The standby has been sent all there is.
  STREAMING,
  /// The node stops: the standby gets the rest and confirms it.
  STOPPING;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
