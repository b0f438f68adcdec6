package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// `scripts/find-jdk`, which every start of the program goes through.
class FindJdkTest {

  /// As cron, systemd and `env -i` start programs.
  @Test
  void worksWithoutAnEnvironment() throws Exception {
    var script = "set -eu; . scripts/find-jdk; test -x \"$JAVA_HOME/bin/java\"; echo \"$HOME\"";
    var builder =
        new ProcessBuilder("sh", "-c", script)
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.strip()).as("the passwd entry's").isEqualTo(System.getProperty("user.home"));
  }
}
