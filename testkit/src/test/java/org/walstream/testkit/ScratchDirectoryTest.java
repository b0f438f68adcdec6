package org.walstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ScratchDirectoryTest {

  @Test
  void isDeletedWithEverythingInIt() throws IOException {
    var scratch = ScratchDirectory.create("test");
    Files.writeString(Files.createDirectory(scratch.path().resolve("d")).resolve("f"), "x");
    scratch.close();
    assertThat(scratch.path()).doesNotExist();
  }

  @Test
  void leftByAProcessThatIsGoneItIsDeletedByTheNext() throws IOException {
    var left = CacheDirectory.directory("servers").resolve("test-" + deadProcess() + "-1");
    var kept = CacheDirectory.directory("servers").resolve("test-" + deadProcess() + "-2");
    Files.createDirectory(left);
    ScratchDirectory.keep(Files.createDirectory(kept));

    var mine = Files.createDirectory(left.resolveSibling("test-" + ourselves() + "-999"));
    var next = CrashProcess.java(Maker.class.getName());
    assertThat(next.awaitExit()).as(next.toString()).isZero();

    assertThat(left).doesNotExist();
    assertThat(kept).exists();
    assertThat(mine).exists();
    FileTree.delete(kept);
    FileTree.delete(mine);
  }

  private static long deadProcess() {
    var process = CrashProcess.start(new ProcessBuilder("true"));
    process.awaitExit();
    return process.pid();
  }

  private static long ourselves() {
    return ProcessHandle.current().pid();
  }

  /// Makes the first scratch directory of a process.
  static final class Maker {
    public static void main(String[] arguments) {
      ScratchDirectory.create("test").close();
    }
  }
}
