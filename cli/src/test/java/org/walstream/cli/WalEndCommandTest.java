package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalEndCommandTest {

  @TempDir private Path directory;

  @Test
  void refusesADirectoryWithoutWal() {
    assertThat(failure(directory))
        .isEqualTo(
            "walstream walend: error: could not find any WAL file in directory \"%s\"\n"
                .formatted(directory));
  }

  @Test
  void refusesADirectoryThatIsNotThere() {
    assertThat(failure(directory.resolve("x")))
        .startsWith("walstream walend: error: could not open \"" + directory.resolve("x") + "\"");
  }

  @Test
  void refusesFilesThatHoldNoWal() throws IOException {
    Files.write(directory.resolve("000000010000000000000001"), new byte[1 << 20]);
    assertThat(failure(directory)).contains("could not find any WAL file");
  }

  @Test
  void refusesABrokenControlFile() throws IOException {
    Files.createDirectory(directory.resolve("global"));
    Files.write(directory.resolve("global/pg_control"), new byte[100]);
    assertThat(failure(directory))
        .isEqualTo(
            "walstream walend: error: could not read file \"global/pg_control\": read 100 of 296\n");
  }

  private static String failure(Path of) {
    Ran ran = Ran.walstream("walend", of.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    return ran.errors();
  }
}
