package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node's pid file as other processes see it: locks are between processes.
@Timeout(600)
class PidFileIT {

  @Test
  void aNodeIsSeenByOthersAndKeepsThemOutUntilItIsGone() throws Exception {
    try (var relay = Relay.of("host=127.0.0.1 port=1")) {
      var file = new NodeDirectory(relay.walDirectory().resolveSibling("")).pidFile();
      try (var process = relay.process()) {
        process.awaitPrinted("ready to accept connections");
        for (int look = 0; look < 3; look++) {
          assertThat(PidFile.runningProcess(file))
              .hasValue(Long.parseLong(Files.readAllLines(file).getFirst()));
        }
        assertThatThrownBy(() -> PidFile.lock(file, 5432))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("is held");
        process.kill9();
      }
      assertThat(file).exists();
      assertThat(PidFile.runningProcess(file)).isEmpty();
      PidFile.lock(file, 5432).close();
      assertThat(file).doesNotExist();
    }
  }
}
