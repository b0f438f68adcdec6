package org.walstream.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.CrashProcess;

/// The notify protocol over its socket, as systemd speaks it: a node that is started, reloaded and
/// stopped.
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class ServiceManagerTest {

  @TempDir private Path directory;

  @Test
  void sendsToAPathAndToAnAbstractName() throws Throwable {
    for (String name : List.of(directory.resolve("notify").toString(), "@walstream-" + directory)) {
      try (var listener = new DatagramListener(name)) {
        Objects.requireNonNull(NotifySocket.to(name)).send("READY=1\nSTATUS=läuft");
        assertThat(listener.next()).isEqualTo("READY=1\nSTATUS=läuft");
      }
    }
  }

  @Test
  void whatIsNoAddressIsNobody() {
    assertThat(NotifySocket.to("notify")).isNull();
    assertThat(NotifySocket.to("/" + "x".repeat(200))).isNull();
  }

  @Test
  void nobodyNeedListen() {
    Objects.requireNonNull(NotifySocket.to(directory.resolve("gone").toString())).send("READY=1");
  }

  @Test
  void aNodeSaysHowItDoes() throws Throwable {
    Path node = directory.resolve("node");
    assertThat(walstream("init", "-D", node.toString()).start().waitFor()).isZero();
    Path socket = directory.resolve("socket");
    try (var listener = new DatagramListener(socket.toString())) {
      ProcessBuilder builder = walstream("run", "-D", node.toString(), "-p", "0");
      builder.environment().put("NOTIFY_SOCKET", socket.toString());
      builder.environment().put("WATCHDOG_USEC", "300000");
      Process process = builder.start();
      try {
        assertThat(listener.next()).isEqualTo("READY=1");
        assertThat(listener.next()).isEqualTo("STATUS=no upstream; 0 standbys");
        assertThat(listener.next()).isEqualTo("WATCHDOG=1");
        assertThat(listener.next()).isEqualTo("WATCHDOG=1");
        assertThat(walstream("reload", "-D", node.toString()).start().waitFor()).isZero();
        assertThat(nextButWatchdog(listener)).startsWith("RELOADING=1\nMONOTONIC_USEC=");
        assertThat(nextButWatchdog(listener)).isEqualTo("READY=1");
        process.destroy();
        assertThat(nextButWatchdog(listener)).isEqualTo("STOPPING=1");
        assertThat(process.waitFor()).isZero();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static String nextButWatchdog(DatagramListener listener) throws Throwable {
    String message = listener.next();
    while (message.equals("WATCHDOG=1")) {
      message = listener.next();
    }
    return message;
  }

  private ProcessBuilder walstream(String... words) {
    List<String> command = CrashProcess.javaCommand(List.of(), "org.walstream.cli.Main", words);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile());
  }
}
