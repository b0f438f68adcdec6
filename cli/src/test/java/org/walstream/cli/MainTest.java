package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int run(String... args) {
    return Main.run(List.of(args), new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @Test
  void saysItsVersion() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("walstream 0.1.0 (PostgreSQL 15-18)\n");
  }

  @Test
  void refusesAnUnknownCommand() {
    assertThat(run("recieve")).isEqualTo(1);
  }

  @Test
  void initMakesANodeOnceAndLeavesWhatIsThereAlone(@TempDir Path directory) throws Exception {
    Path node = directory.resolve("relay");
    assertThat(
            run(
                "init",
                "-D",
                node.toString(),
                "--port",
                "6000",
                "--primary-conninfo",
                "host=a password='x''y'"))
        .isZero();
    assertThat(node.resolve("walstream.conf")).content().contains("\nport = 6000\n");
    assertThat(node.resolve("pg_hba.conf")).exists();
    Files.writeString(node.resolve("walstream.conf"), "port = 1");
    assertThat(run("init", "-D", node.toString())).isEqualTo(1);
    assertThat(node.resolve("walstream.conf")).hasContent("port = 1");
  }

  @Test
  void stopAndReloadSayThatNothingRuns(@TempDir Path directory) {
    assertThat(run("stop", "-D", directory.toString())).isEqualTo(1);
    assertThat(run("init", "-D", directory.resolve("n").toString())).isZero();
    assertThat(run("stop", "-D", directory.resolve("n").toString())).isEqualTo(1);
    assertThat(run("reload", "-D", directory.resolve("n").toString())).isEqualTo(1);
  }
}
