package org.walstream.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresServer;

/// A standby as a service: ready once it has its directory, with what it replays as its status.
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class StandbyServiceIT {

  @TempDir private Path directory;

  @Test
  void saysHowItDoes() throws Throwable {
    Path socket = directory.resolve("socket");
    Path data = Files.createDirectory(directory.resolve("data"));
    try (var primary = PostgresServer.builder(18).start();
        var listener = new DatagramListener(socket.toString())) {
      var builder =
          new ProcessBuilder(
                  CrashProcess.javaCommand(
                      List.of(),
                      "org.walstream.cli.Main",
                      "standby",
                      "-D" + data,
                      "-cport=0",
                      "-cunix_socket_directories=",
                      "--primary=" + primary.conninfo()))
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile());
      builder.environment().put("NOTIFY_SOCKET", socket.toString());
      Process process = builder.start();
      try {
        assertThat(listener.next()).isEqualTo("READY=1");
        String status = listener.next();
        while (!status.contains("streaming, ")) {
          assertThat(status).startsWith("STATUS=replayed ");
          status = listener.next();
        }
        assertThat(status).matches("STATUS=replayed [0-9A-F/]+; streaming, [0-9A-F/]+ flushed.*");
        process.destroy();
        while (status.startsWith("STATUS=")) {
          status = listener.next();
        }
        assertThat(status).isEqualTo("STOPPING=1");
        assertThat(process.waitFor()).isZero();
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
