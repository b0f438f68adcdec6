package org.walstream.store;

/// The stream disagrees with WAL that is already here for the same position of the same timeline:
/// one of the two belongs to another history. Nothing has been overwritten.
public final class WalDivergedException extends WalStoreException {

  private static final long serialVersionUID = 1L;

  public WalDivergedException(String message) {
    super(message);
  }
}
