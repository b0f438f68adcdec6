package org.walstream.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessNameTest {

  @Test
  void isWhatTheSystemShows() throws Exception {
    Path comm = Path.of("/proc/self/comm");
    assumeTrue(Files.isWritable(comm), "this is not Linux");
    String before = Files.readString(comm).strip();
    try {
      ProcessName.set("walstream-and-more-than-fits");
      assertThat(Files.readString(comm)).isEqualTo("walstream-and-m\n");
    } finally {
      ProcessName.set(before);
    }
  }
}
