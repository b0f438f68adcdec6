package org.walstream.receive;

import java.io.IOException;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.WalDefect;

/// The stream brought WAL that is not WAL: a record's checksum, its link to the one before it, or a
/// page header is wrong. Everything before it has been kept; nothing from it on is acknowledged.
public final class CorruptWalException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient WalDefect defect;

  CorruptWalException(WalDefect defect, long verifiedLsn) {
    super(
        "received corrupt WAL: %s (good up to %s)"
            .formatted(defect.message(), Lsn.format(verifiedLsn)));
    this.defect = defect;
  }

  public WalDefect defect() {
    return defect;
  }
}
