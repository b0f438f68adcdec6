package org.walstream.store;

import java.io.IOException;

/// The store refuses: what it was asked does not fit what the directory holds, or it can no longer
/// be trusted to keep a promise. Nothing on disk has changed because of the request.
public sealed class WalStoreException extends IOException
    permits OlderWalException,
        WalDivergedException,
        WalGapException,
        WalLogClosedException,
        WalLogFailedException,
        WalRemovedException {

  private static final long serialVersionUID = 1L;

  public WalStoreException(String message) {
    super(message);
  }

  public WalStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
