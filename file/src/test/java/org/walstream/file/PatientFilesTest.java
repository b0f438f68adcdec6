package org.walstream.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PatientFilesTest {

  @TempDir Path directory;

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final FullDisk disk = new FullDisk();
  private volatile boolean calledAway;
  private final FileLayer files = new PatientFiles(disk, () -> calledAway, told::add);

  /// So many steps find it full; a write has then taken half of what it was given.
  private static final class FullDisk extends ForwardingFileLayer {

    private int full;
    private String reason = "No space left on device";

    FullDisk() {
      super(FileLayer.system());
    }

    private void step() throws IOException {
      if (full > 0) {
        full--;
        throw new IOException(reason);
      }
    }

    @Override
    public OpenFile create(Path path) throws IOException {
      step();
      return new ForwardingFile(super.create(path)) {
        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
          if (full > 0) {
            ByteBuffer half = bytes.slice(bytes.position(), bytes.remaining() / 2);
            bytes.position(bytes.position() + half.remaining());
            super.write(half, offset);
          }
          step();
          super.write(bytes, offset);
        }

        @Override
        public void force() throws IOException {
          step();
          super.force();
        }
      };
    }

    @Override
    public void reserve(Path path, long bytes) throws IOException {
      step();
      super.reserve(path, bytes);
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
      step();
      super.rename(source, target);
    }

    @Override
    public void createDirectory(Path path) throws IOException {
      step();
      super.createDirectory(path);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void eachStepWaitsAndSaysSoOnce() throws Exception {
    disk.full = 2;
    files.createDirectory(directory.resolve("d"));
    disk.full = 1;
    Path path = directory.resolve("d/x");
    try (OpenFile file = files.create(path)) {
      disk.full = 1;
      files.reserve(path, 10);
      disk.full = 2;
      file.write(bytes("abcdefgh"), 3);
    }
    disk.full = 1;
    files.rename(path, directory.resolve("d/y"));
    assertThat(directory.resolve("d/y")).hasContent("\0\0\0abcdefgh");
    assertThat(told)
        .containsExactly(
            "could not create directory \"%s/d\": No space left on device; waiting for space"
                .formatted(directory),
            "there is space now, going on",
            "could not create \"%s\": No space left on device; waiting for space".formatted(path),
            "there is space now, going on",
            "could not extend \"%s\": No space left on device; waiting for space".formatted(path),
            "there is space now, going on",
            "could not write \"%s\": No space left on device; waiting for space".formatted(path),
            "there is space now, going on",
            "could not rename \"%s\": No space left on device; waiting for space".formatted(path),
            "there is space now, going on");
  }

  @Test
  void whatIsReplacedIsTheOldOrTheNew() throws Exception {
    Path path = Files.writeString(directory.resolve("x"), "old");
    disk.full = 1;
    files.replace(path, bytes("new"));
    assertThat(path).hasContent("new");
    assertThat(files.list(directory)).containsExactly("x");
  }

  @Test
  void whoIsCalledAwayFailsForWantOfSpace() throws Exception {
    disk.full = Integer.MAX_VALUE;
    var waiter =
        Thread.ofVirtual()
            .start(() -> {
              while (told.isEmpty()) {
                Thread.onSpinWait();
              }
              calledAway = true;
            });
    assertThatThrownBy(() -> files.create(directory.resolve("x")))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    waiter.join();
    assertThatThrownBy(() -> files.create(directory.resolve("x")))
        .hasMessage("No space left on device");
    assertThat(told).as("nobody waits any more").hasSize(1);
  }

  @Test
  void aForceIsNotTakenAgainNorAnythingThatFailsOtherwise() throws Exception {
    try (OpenFile file = files.create(directory.resolve("x"))) {
      disk.full = 1;
      assertThatThrownBy(file::force).hasMessage("No space left on device");
      disk.full = 1;
      disk.reason = "Input/output error";
      assertThatThrownBy(() -> file.write(bytes("x"), 0)).hasMessage("Input/output error");
    }
    assertThat(told).isEmpty();
  }
}
