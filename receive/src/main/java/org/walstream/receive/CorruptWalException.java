package org.walstream.receive;

import java.io.IOException;
import java.util.Optional;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.WalDefect;

/// The stream brought WAL that is not WAL: a record's checksum, its link to the one before it, or a
/// page header is wrong. Everything before it has been kept; nothing from it on is acknowledged.
public final class CorruptWalException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient WalDefect defect;

  /// @param bytes how many had come since `verifiedLsn`
  /// @param kept where they are kept, if they are
  CorruptWalException(WalDefect defect, long verifiedLsn, long bytes, Optional<String> kept) {
    super(
        "received corrupt WAL: %s (good up to %s)%s"
            .formatted(
                defect.message(),
                Lsn.format(verifiedLsn),
                kept.map(file ->
                        "; the %d bytes from there on are kept in \"%s\"".formatted(bytes, file))
                    .orElse("")));
    this.defect = defect;
  }

  public WalDefect defect() {
    return defect;
  }
}
