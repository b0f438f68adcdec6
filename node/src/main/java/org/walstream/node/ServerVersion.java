package org.walstream.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.store.WalCursor;
import org.walstream.store.WalLog;
import org.walstream.store.WalRemovedException;
import org.walstream.store.WalStore;
import org.walstream.wal.WalFormat;

/// What a node says its PostgreSQL version is: that of the WAL it holds, for clients decide by it
/// whether they can follow.
final class ServerVersion {

  private static final Logger LOG = LoggerFactory.getLogger(ServerVersion.class);
  private static final int NEWEST_KNOWN = 18;

  private final WalStore store;
  private final String program;
  private volatile Optional<Integer> major = Optional.empty();

  ServerVersion(WalStore store, String program) {
    this.store = store;
    this.program = program;
  }

  /// Such as `18.0 (walstream 0.1.0)`.
  String text() {
    return "%d.0 (%s)".formatted(major(), program);
  }

  private int major() {
    Optional<WalLog> log = store.currentLog();
    if (major.isEmpty() && log.isPresent()) {
      try {
        major = read(log.get());
      } catch (IOException e) {
        LOG.warn("could not tell the version of the WAL here: {}", e.getMessage());
      }
    }
    return major.orElse(NEWEST_KNOWN);
  }

  /// Every page of WAL says in its first two bytes which version wrote it.
  private Optional<Integer> read(WalLog log) throws IOException {
    long lsn = log.restartLsn();
    if (log.writtenLsn() == lsn) {
      lsn -= log.segmentSize().bytes();
    }
    try (WalCursor cursor = store.ownCursor(log.timeline(), lsn)) {
      var magic = ByteBuffer.allocateDirect(Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      cursor.readFully(lsn, magic);
      return WalFormat.ofPageMagic(Short.toUnsignedInt(magic.getShort(0)))
          .map(WalFormat::majorVersion);
    } catch (WalRemovedException nothingYet) {
      return Optional.empty();
    }
  }
}
