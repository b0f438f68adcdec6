package org.walstream.send.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.testkit.file.RecordedFiles;

/// Stops the work on slots before each single step that it takes on the disk.
class SlotFailurePointTest {

  private static final int PID = 4711;
  private static final long LSN = 0x3000000;

  @TempDir private Path directory;

  @Test
  void wheneverItStopsASlotIsWholeOrNotThere() throws Exception {
    int last = Integer.MAX_VALUE;
    for (int step = 1; step <= last; step++) {
      Path slotsDirectory = directory.resolve("stop-" + step);
      var confirmed = new Confirmed();
      RecordedFiles files = RecordedFiles.failingFrom(step);
      try {
        live(ReplicationSlots.open(slotsDirectory, files, () -> 10), confirmed);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("no power to");
      }
      if (files.operations().size() < step) {
        last = step;
      }
      var slots = ReplicationSlots.open(slotsDirectory, FileLayer.system(), () -> 10);
      if (slots.find("s").isPresent()) {
        assertThat(confirmed.isDropped).as("step %d", step).isFalse();
        assertThat(slots.find("s").get().restartLsn())
            .as("step %d", step)
            .isBetween(confirmed.savedLsn, confirmed.lsn);
      } else {
        assertThat(!confirmed.isCreated || confirmed.isDropping).as("step %d", step).isTrue();
      }
    }
    assertThat(last).as("how many steps there are").isGreaterThan(15);
  }

  @Test
  void aStateIsForcedBeforeItGetsItsNameAndTheNameIsForcedAfter() throws Exception {
    var layer = RecordedFiles.recording();
    var slots = ReplicationSlots.open(directory, layer, () -> 10);
    slots.create("s", false, LSN, PID).confirmFlushed(LSN + 1);
    layer.clearOperations();
    slots.save();
    assertThat(layer.operations())
        .containsExactly(
            "delete state.tmp",
            "create state.tmp",
            "write state.tmp",
            "force state.tmp",
            "rename state.tmp to state",
            "force directory s");
    layer.clearOperations();
    slots.save();
    assertThat(layer.operations()).as("nothing new, nothing to do").isEmpty();
  }

  private static void live(ReplicationSlots slots, Confirmed confirmed) throws Exception {
    confirmed.lsn = LSN;
    var slot = slots.create("s", false, LSN, PID);
    confirmed.isCreated = true;
    confirmed.savedLsn = LSN;
    for (int i = 0; i < 2; i++) {
      confirmed.lsn += 100;
      slot.confirmFlushed(confirmed.lsn);
      slots.save();
      confirmed.savedLsn = confirmed.lsn;
    }
    confirmed.isDropping = true;
    slots.drop("s", PID, false);
    confirmed.isDropped = true;
  }

  /// How far life has come.
  private static final class Confirmed {
    private long lsn;
    private long savedLsn;
    private boolean isCreated;
    private boolean isDropping;
    private boolean isDropped;
  }
}
