package org.walstream.store;

/// A write or fsync has failed earlier, so the log can promise nothing any more; the cause tells
/// which. It is never retried on the same descriptor: only opening the directory anew, which reads
/// the disk again, helps.
public final class WalLogFailedException extends WalStoreException {

  private static final long serialVersionUID = 1L;

  public WalLogFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
