package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a node listens when some of it cannot be had, as a server does.
class AddressesTest {

  /// No machine's: RFC 5737.
  private static final String NOWHERE = "192.0.2.1";

  @TempDir Path directory;
  private NodeDirectory node;

  @BeforeEach
  void make() throws IOException {
    node = new NodeDirectory(directory.resolve("node"));
    node.create(List.of("port = 0"));
  }

  @Test
  void anAddressThatIsNotHereKeepsNobodyFromTheOthers() throws Exception {
    String addresses = NOWHERE + ", nosuch.invalid, 127.0.0.1";
    try (var running = Node.start(node, Map.of("listen_addresses", addresses));
        var client = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void withoutAnyItDoesNotStart() {
    assertThatThrownBy(() -> Node.start(node, Map.of("listen_addresses", NOWHERE)))
        .hasMessageContaining("could not bind address \"%s\"", NOWHERE);
    assertThatThrownBy(() -> Node.start(node, Map.of("listen_addresses", "nosuch.invalid")))
        .hasMessageContaining("could not translate host name \"nosuch.invalid\" to address: ");
    assertThatThrownBy(() -> Node.start(node, Map.of("unix_socket_directories", "/nosuch")))
        .isInstanceOf(IOException.class);
    assertThat(node.pidFile()).doesNotExist();
  }

  @Test
  void aSocketHasTheGroupThatIsSet() throws Exception {
    String own = Files.readAttributes(directory, PosixFileAttributes.class).group().getName();
    String group = System.getProperty("user.name").equals("root") ? "daemon" : own;
    Map<String, String> settings =
        Map.of(
            "unix_socket_directories",
            directory.toString(),
            "unix_socket_group",
            group,
            "unix_socket_permissions",
            "0770",
            "listen_addresses",
            "127.0.0.1");
    try (var running = Node.start(node, settings)) {
      Path socket = directory.resolve(".s.PGSQL." + running.port());
      var attributes = Files.readAttributes(socket, PosixFileAttributes.class);
      assertThat(attributes.group().getName()).isEqualTo(group);
      assertThat(PosixFilePermissions.toString(attributes.permissions())).isEqualTo("rwxrwx---");
    }
    var nosuch = new HashMap<>(settings);
    nosuch.put("unix_socket_group", "nosuch");
    assertThatThrownBy(() -> Node.start(node, nosuch))
        .hasMessage("group \"nosuch\" does not exist");
  }

  @Test
  void aSocketHasTheModeThatIsSet() throws Exception {
    for (String mode : List.of("0777", "0770", "448")) {
      Map<String, String> settings =
          Map.of(
              "unix_socket_directories",
              directory.toString(),
              "unix_socket_permissions",
              mode,
              "listen_addresses",
              "127.0.0.1");
      try (var running = Node.start(node, settings)) {
        Path socket = directory.resolve(".s.PGSQL." + running.port());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
            .isEqualTo(
                switch (mode) {
                  case "0777" -> "rwxrwxrwx";
                  case "0770" -> "rwxrwx---";
                  default -> "rwx------";
                });
      }
    }
  }
}
