package org.walstream.store;

/// The log was closed or its timeline has ended while the caller still wanted something of it.
public final class WalLogClosedException extends WalStoreException {

  private static final long serialVersionUID = 1L;

  public WalLogClosedException(String message) {
    super(message);
  }
}
