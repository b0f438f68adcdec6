package org.walstream.send.walsender;

import org.walstream.store.WalRemovedException;
import org.walstream.store.WalStoreException;
import org.walstream.wire.PostgresException;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.Diagnostic;

/// How it is said that WAL cannot be sent.
public final class WalRefusal {

  private WalRefusal() {}

  /// What an upstream said of WAL that was to be fetched is passed on as it is.
  public static Diagnostic of(WalStoreException broken) {
    return switch (broken.getCause()) {
      case PostgresException refused ->
          new Diagnostic(
              "ERROR",
              refused.sqlState(),
              refused.primaryMessage(),
              refused.detail(),
              refused.hint());
      case null, default ->
          new Diagnostic(
              "ERROR",
              broken instanceof WalRemovedException ? SqlState.UNDEFINED_FILE : SqlState.IO_ERROR,
              String.valueOf(broken.getMessage()));
    };
  }

  /// True when nobody has it any more, neither here nor where it was to be fetched from.
  public static boolean saysGone(WalStoreException broken) {
    return of(broken).sqlState().equals(SqlState.UNDEFINED_FILE);
  }
}
