package org.walstream.store;

/// The stream does not continue where the log ends: WAL in between would be missing for ever.
public final class WalGapException extends WalStoreException {

  private static final long serialVersionUID = 1L;

  public WalGapException(String message) {
    super(message);
  }
}
