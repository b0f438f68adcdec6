package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.CrashProcess;

/// `walstream receive` and a server that accepts and never answers.
@Timeout(600)
class ReceiveStopIT {

  @ParameterizedTest
  @ValueSource(strings = {"-D %s", "--create-slot -S s", "--drop-slot -S s"})
  void endsAsIfBySigtermWhileItConnects(String what, @TempDir Path directory) throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String arguments =
          "receive -h 127.0.0.1 -U nobody -p %d ".formatted(silent.getLocalPort())
              + what.formatted(directory);
      try (var receive = CrashProcess.java("org.walstream.cli.Main", arguments.split(" "));
          var client = silent.accept()) {
        client.getInputStream().read();
        receive.signal("TERM");
        assertThat(receive.awaitExit()).isEqualTo(128 + 15);
        assertThat(receive.errors()).isEmpty();
      }
    }
  }
}
