package org.walstream.store;

import java.nio.file.FileSystemException;

/// The log can promise nothing any more; the cause tells why. It is never gone on with on the same
/// descriptor: only opening the directory anew, which reads the disk again, helps.
///
/// When a write or an fsync has failed that is for another process to do, after somebody has looked
/// at the disk. When the directory is not as the log left it (a file has vanished, or something
/// else has its name) nothing that was written is in doubt, and [WalStore#openLog] will do.
public final class WalLogFailedException extends WalStoreException {

  private static final long serialVersionUID = 1L;

  private final boolean isFinal;

  public WalLogFailedException(String message, Throwable cause) {
    super(message, cause);
    // Only what is done to names fails with that type; a write, a force or a read has an open file.
    isFinal =
        cause instanceof WalLogFailedException earlier
            ? earlier.isFinal
            : !(cause instanceof FileSystemException);
  }

  /// True when this process must not try again.
  public boolean isFinal() {
    return isFinal;
  }
}
