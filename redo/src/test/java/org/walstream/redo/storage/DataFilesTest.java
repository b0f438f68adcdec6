package org.walstream.redo.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.file.NoSpaceException;
import org.walstream.testkit.file.RecordedFiles;

class DataFilesTest {

  @TempDir Path directory;

  @Test
  void forcesFilesBeforeTheNamesOfNewOnes() throws IOException {
    var recorded = RecordedFiles.recording();
    var files = new DataFiles(recorded, 10);
    write(files, "b", 1);
    write(files, "a", 2);
    files.createDirectory(directory.resolve("x/y"));
    recorded.clearOperations();

    files.sync();

    String parent = "force directory " + directory.getFileName();
    assertThat(recorded.operations())
        .containsExactly("force a", "force b", parent, "force directory x");
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations()).as("nothing has changed since").isEmpty();
  }

  @Test
  void whatHasGoneIsNotForced() throws IOException {
    var recorded = RecordedFiles.recording();
    var files = new DataFiles(recorded, 10);
    write(files, "a", 1);
    files.sync();
    write(files, "a", 1);
    files.remove(directory.resolve("a"));
    files.remove(directory.resolve("never there"));
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations()).containsExactly("force directory " + directory.getFileName());
  }

  @Test
  void whatGoesWhileOthersAreForcedIsNotForcedEither() throws IOException {
    var done = new ArrayList<String>();
    var meanwhile = new AtomicReference<DataFiles>();
    var layer =
        new RecordedFiles(operation -> {
          done.add(operation);
          if (operation.equals("force a")) {
            meanwhile.get().remove(directory.resolve("b"));
            write(meanwhile.get(), "d", 1);
          }
        });
    var files = new DataFiles(layer, 10);
    meanwhile.set(files);
    for (String name : new String[] {"a", "b", "c"}) {
      write(files, name, 1);
    }
    done.clear();
    files.sync();
    String parent = "force directory " + directory.getFileName();
    assertThat(done).contains("force a", "force c", parent).doesNotContain("force b", "force d");

    done.clear();
    files.sync();
    assertThat(done).as("what has changed meanwhile").containsExactly("force d");
  }

  @Test
  void keepsNoMoreFilesOpenThanItMayButAllThatAreInUse() throws IOException {
    var open = new OpenCount();
    try (var files = new DataFiles(open, 2)) {
      for (String name : new String[] {"a", "b", "c", "d"}) {
        write(files, name, 1);
        assertThat(open.now()).isLessThanOrEqualTo(2);
      }
      try (DataFile a = files.open(directory.resolve("a"));
          DataFile b = files.open(directory.resolve("b"));
          DataFile c = files.open(directory.resolve("c"))) {
        assertThat(open.now()).isEqualTo(3);
        for (DataFile file : new DataFile[] {a, b, c}) {
          assertThat(file.size()).isEqualTo(1);
        }
      }
      assertThat(open.now()).isEqualTo(2);
    }
    assertThat(open.now()).isZero();
  }

  @Test
  void aFileInUseIsNotRemoved() throws IOException {
    try (var files = new DataFiles(FileLayer.system(), 2);
        DataFile file = files.openOrCreate(directory.resolve("a"))) {
      assertThatThrownBy(() -> files.remove(file.path()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void anAbsentFileIsNotMadeUnlessAsked() throws IOException {
    try (var files = new DataFiles(FileLayer.system(), 2)) {
      Path absent = directory.resolve("absent");
      assertThatThrownBy(() -> files.open(absent)).isInstanceOf(NoSuchFileException.class);
      assertThat(files.sizeOrAbsent(absent)).isEqualTo(-1);
      assertThat(files.exists(absent)).isFalse();
    }
  }

  @Test
  void nothingIsWrittenAfterAnFsyncHasFailed() throws IOException {
    var files = new DataFiles(failing("force a", "Input/output error"), 10);
    write(files, "a", 1);
    assertThatThrownBy(files::sync)
        .hasMessage("could not fsync \"%s\": Input/output error", directory.resolve("a"));
    assertThatThrownBy(files::sync).hasMessageContaining("nothing is written any more since");
    assertThatThrownBy(() -> write(files, "b", 1)).hasMessageContaining("could not fsync");
    assertThat(directory.resolve("b")).doesNotExist();
  }

  @Test
  void aFullDiskIsCalledSo() throws IOException {
    var files = new DataFiles(failing("write a", "No space left on device"), 10);
    assertThatThrownBy(() -> write(files, "a", 1))
        .isInstanceOf(NoSpaceException.class)
        .hasMessageEndingWith("/a\": No space left on device");
    assertThatThrownBy(files::sync).hasMessageContaining("No space left");
  }

  @Test
  void makesDirectoriesThatAreMissing() throws IOException {
    var files = new DataFiles(FileLayer.system(), 10);
    files.createDirectory(directory.resolve("a/b/c"));
    files.createDirectory(directory.resolve("a/b/c"));
    files.sync();
    assertThat(directory.resolve("a/b/c")).isDirectory();
  }

  @Test
  void whatIsReplacedIsDurableAtOnceAndReadAnew() throws IOException {
    var recorded = RecordedFiles.recording();
    var files = new DataFiles(recorded, 10);
    write(files, "a", 1);
    files.replace(directory.resolve("a"), ByteBuffer.wrap(new byte[] {7, 8}));
    assertThat(recorded.surviving("a")).hasValue(new byte[] {7, 8});
    try (DataFile file = files.open(directory.resolve("a"))) {
      assertThat(file.size()).as("not the one that was open").isEqualTo(2);
    }
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations()).isEmpty();
  }

  @Test
  void aTreeGoesButNotWhatItsLinksLeadTo() throws IOException {
    var recorded = RecordedFiles.recording();
    var files = new DataFiles(recorded, 10);
    files.createDirectory(directory.resolve("tree/in"));
    files.createDirectory(directory.resolve("kept"));
    write(files, "tree/in/a", 1);
    write(files, "kept/b", 1);
    files.createSymbolicLink(directory.resolve("tree/link"), directory.resolve("kept"));
    files.sync();
    recorded.clearOperations();
    files.removeTree(directory.resolve("tree"));
    files.removeTree(directory.resolve("tree"));
    assertThat(files.list(directory)).containsExactly("kept");
    assertThat(directory.resolve("kept/b")).exists();
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations())
        .as("what has gone is not forced")
        .containsExactly("force directory " + directory.getFileName());
  }

  private static RecordedFiles failing(String operation, String reason) {
    return new RecordedFiles(told -> {
      if (told.equals(operation)) {
        throw new FileSystemException(told, null, reason);
      }
    });
  }

  private void write(DataFiles files, String name, int bytes) throws IOException {
    try (DataFile file = files.openOrCreate(directory.resolve(name))) {
      file.write(ByteBuffer.allocate(bytes), Files.size(directory.resolve(name)));
    }
  }
}
