package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.slot.RetentionHorizon.Limits;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalStore;

class HousekeepingTest {

  @TempDir Path directory;

  private final CountDownLatch begun = new CountDownLatch(1);
  private volatile boolean ended;

  /// A round saves slots and removes WAL: afterwards the directory may be another's.
  @Test
  @Timeout(600)
  void aRoundThatTakesLongerThanAPeriodHasEndedWhenCloseReturns() throws Exception {
    FileLayer files = FileLayer.system();
    Path wal = Files.createDirectory(directory.resolve("pg_wal"));
    try (var store = WalStore.open(wal, StoreOptions.DEFAULT)) {
      var slots = ReplicationSlots.open(directory.resolve("pg_replslot"), files, () -> 1);
      var housekeeping =
          new Housekeeping(
              store,
              new RetentionHorizon(slots, () -> Limits.DEFAULT),
              () -> false,
              new SpaceReserve(files, directory.resolve("reserve")),
              this::slowDisk,
              () -> ended = true,
              Duration.ofMillis(1));
      housekeeping.start();
      begun.await();
      housekeeping.close();
      assertThat(ended).isTrue();
      assertThat(directory.resolve("reserve")).exists();
    }
  }

  private void slowDisk() throws IOException {
    begun.countDown();
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      throw new IOException("a round must not be interrupted", e);
    }
  }
}
