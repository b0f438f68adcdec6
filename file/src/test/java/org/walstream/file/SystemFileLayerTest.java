package org.walstream.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFileLayerTest {

  @TempDir Path directory;

  private final FileLayer files = FileLayer.system();

  @Test
  void reservedFilesReadAsZerosBelowAndBetweenWhatIsWritten() throws IOException {
    Path path = directory.resolve("segment");
    try (OpenFile file = files.create(path)) {
      files.reserve(path, 1 << 20);
      assertThat(file.size()).isEqualTo(1 << 20);
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 5000);
      file.force();
      ByteBuffer read = ByteBuffer.allocate(5);
      assertThat(file.read(read, 4999)).isEqualTo(5);
      assertThat(read.array()).containsExactly(0, 1, 2, 3, 0);
      assertThat(file.read(ByteBuffer.allocate(1), 1 << 20)).isEqualTo(-1);
    }
  }

  /// To force what is not there any more fails, so it is seen whether anything is forced.
  @Test
  void withoutFsyncNothingIsForced() throws IOException {
    Path path = directory.resolve("f");
    Path gone = directory.resolve("gone");
    OpenFile forced = files.create(path);
    forced.close();
    assertThatThrownBy(forced::force).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> files.forceDirectory(gone)).isInstanceOf(NoSuchFileException.class);

    FileLayer unforced = FileLayer.systemUnforced(false);
    OpenFile file = unforced.open(path);
    file.close();
    file.force();
    unforced.forceDirectory(gone);
  }

  @Test
  void reservingKeepsWhatIsThere() throws IOException {
    Path path = Files.write(directory.resolve("segment"), new byte[] {1, 2, 3});
    files.reserve(path, 100);
    assertThat(Files.readAllBytes(path)).hasSize(100).startsWith(1, 2, 3, 0).endsWith(0);
  }

  @Test
  void aFileSystemThatIsTooSmallIsAnErrorOfItsOwn() throws IOException {
    Path path = Files.createFile(directory.resolve("segment"));
    long tooMuch = Files.getFileStore(path).getTotalSpace() * 2;
    assertThatThrownBy(() -> files.reserve(path, tooMuch)).isInstanceOf(NoSpaceException.class);
  }

  @Test
  void zerosAreWrittenExactlyWhereAsked() throws IOException {
    Path path = Files.write(directory.resolve("f"), new byte[] {9, 9, 9, 9, 9});
    try (OpenFile file = files.open(path)) {
      Zeros.write(file, 1, 4);
      Zeros.write(file, 5, 3_000_000);
    }
    assertThat(Files.readAllBytes(path)).hasSize(3_000_000).startsWith(9, 0, 0, 0, 9, 0);
  }

  @Test
  void newFilesBelongToTheirOwnerAlone() throws IOException {
    Path path = directory.resolve("segment");
    files.create(path).close();
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> files.create(path)).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void directoriesAreGivenTheModeOfNewOnes() throws IOException {
    Path own = directory.resolve("own");
    files.createDirectory(own);
    var mode = Files.getPosixFilePermissions(own);
    assertThat(mode).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwxrwxrwx"));
    files.restrictDirectory(other);
    assertThat(Files.getPosixFilePermissions(other)).isEqualTo(mode);
    FileLayer.systemWithGroupAccess().restrictDirectory(other);
    assertThat(Files.getPosixFilePermissions(other))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    assertThatThrownBy(() -> files.restrictDirectory(directory.resolve("x")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aSymbolicLinkGoesAloneAndReplacesNothing() throws IOException {
    Path target = Files.createDirectory(directory.resolve("target"));
    Path link = directory.resolve("link");
    files.createSymbolicLink(link, target);
    assertThat(Files.readSymbolicLink(link)).isEqualTo(target);
    assertThatThrownBy(() -> files.createSymbolicLink(link, directory))
        .isInstanceOf(FileAlreadyExistsException.class);
    files.delete(link);
    assertThat(files.list(directory)).containsExactly("target");
  }

  @Test
  void openingNeverMakesAFile() {
    assertThatThrownBy(() -> files.open(directory.resolve("x")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> files.openForReading(directory.resolve("x")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void listsNamesInOrder() throws IOException {
    files.create(directory.resolve("b")).close();
    files.create(directory.resolve("a")).close();
    files.rename(directory.resolve("b"), directory.resolve("c"));
    files.forceDirectory(directory);
    assertThat(files.list(directory)).containsExactly("a", "c");
    files.delete(directory.resolve("c"));
    files.delete(directory.resolve("c"));
    assertThat(files.list(directory)).containsExactly("a");
  }
}
