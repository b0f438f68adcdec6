package org.walstream.send.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;

/// Stops the work on slots before each single step that it takes on the disk.
class SlotFailurePointTest {

  private static final int PID = 4711;
  private static final long LSN = 0x3000000;

  @TempDir private Path directory;

  @Test
  void wheneverItStopsASlotIsWholeOrNotThere() throws Exception {
    int stops = 0;
    for (int step = 0; stops == step; step++) {
      Path slotsDirectory = directory.resolve("stop-" + step);
      var confirmed = new Confirmed();
      try {
        live(ReplicationSlots.open(slotsDirectory, new StepLayer(step), () -> 10), confirmed);
      } catch (StopException e) {
        stops++;
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
    assertThat(stops).isGreaterThan(15);
  }

  @Test
  void aStateIsForcedBeforeItGetsItsNameAndTheNameIsForcedAfter() throws Exception {
    var layer = new StepLayer(Integer.MAX_VALUE);
    var slots = ReplicationSlots.open(directory, layer, () -> 10);
    slots.create("s", false, LSN, PID).confirmFlushed(LSN + 1);
    layer.steps.clear();
    slots.save();
    assertThat(layer.steps)
        .containsExactly(
            "delete state.tmp",
            "create state.tmp",
            "write state.tmp",
            "force state.tmp",
            "rename state",
            "force s");
    layer.steps.clear();
    slots.save();
    assertThat(layer.steps).as("nothing new, nothing to do").isEmpty();
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

  private static final class StopException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /// A file system that does so many steps, writes down which, and then no more.
  private static final class StepLayer implements FileLayer {
    private final FileLayer files = FileLayer.system();
    private final List<String> steps = new ArrayList<>();
    private final int stepsMax;

    StepLayer(int stepsMax) {
      this.stepsMax = stepsMax;
    }

    private void step(String what, Path path) throws IOException {
      if (steps.size() >= stepsMax) {
        throw new StopException();
      }
      steps.add(what + " " + path.getFileName());
    }

    @Override
    public OpenFile create(Path path) throws IOException {
      step("create", path);
      return new StepFile(files.create(path), path);
    }

    @Override
    public OpenFile open(Path path) throws IOException {
      return files.open(path);
    }

    @Override
    public OpenFile openForReading(Path path) throws IOException {
      return files.openForReading(path);
    }

    @Override
    public void reserve(Path path, long bytes) throws IOException {
      step("reserve", path);
      files.reserve(path, bytes);
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
      step("rename", target);
      files.rename(source, target);
    }

    @Override
    public void delete(Path path) throws IOException {
      step("delete", path);
      files.delete(path);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
      step("create", directory);
      files.createDirectory(directory);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      step("force", directory);
      files.forceDirectory(directory);
    }

    @Override
    public boolean exists(Path path) {
      return files.exists(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
      return files.list(directory);
    }

    private final class StepFile implements OpenFile {
      private final OpenFile file;
      private final Path path;

      StepFile(OpenFile file, Path path) {
        this.file = file;
        this.path = path;
      }

      @Override
      public void write(ByteBuffer bytes, long offset) throws IOException {
        step("write", path);
        file.write(bytes, offset);
      }

      @Override
      public int read(ByteBuffer bytes, long offset) throws IOException {
        return file.read(bytes, offset);
      }

      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      public void truncate(long size) throws IOException {
        step("truncate", path);
        file.truncate(size);
      }

      @Override
      public void force() throws IOException {
        step("force", path);
        file.force();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    }
  }
}
