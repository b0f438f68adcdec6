package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.send.hba.HbaException;
import org.walstream.testkit.PrivateFile;

/// A `users` file that others may read is no secret any more: neither a start nor a reload takes
/// it.
@Timeout(600)
class ExposedUsersTest {

  private static final Map<String, String> SOMEWHERE =
      Map.of("port", "0", "listen_addresses", "127.0.0.1");

  @TempDir Path parent;

  private NodeDirectory directory() throws IOException {
    var directory = new NodeDirectory(parent.resolve("node"));
    directory.create(List.of());
    PrivateFile.write(directory.usersFile(), "\"first\" \"\" replication\n");
    return directory;
  }

  @Test
  void stopsTheStart() throws Exception {
    NodeDirectory directory = directory();
    PrivateFile.setMode(directory.usersFile(), "rw-r--r--");
    assertThatThrownBy(() -> Node.start(directory, SOMEWHERE))
        .isInstanceOf(HbaException.class)
        .hasMessageStartingWith(
            "users file \"%s\" has group or world access".formatted(directory.usersFile()));
    PrivateFile.setMode(directory.usersFile(), "rw-------");
    Node.start(directory, SOMEWHERE).close();
  }

  @Test
  void changesNothingAtAReload() throws Exception {
    NodeDirectory directory = directory();
    try (Node node = Node.start(directory, SOMEWHERE)) {
      PrivateFile.write(directory.usersFile(), "\"second\" \"\" replication\n");
      PrivateFile.setMode(directory.usersFile(), "rw----r--");
      assertThat(node.reload()).isFalse();
      PrivateFile.setMode(directory.usersFile(), "rw-------");
      assertThat(node.reload()).isTrue();
    }
  }
}
