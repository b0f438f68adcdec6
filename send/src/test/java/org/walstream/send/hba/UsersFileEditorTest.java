package org.walstream.send.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.PrivateFile;
import org.walstream.wire.auth.ScramSecret;

class UsersFileEditorTest {

  @TempDir Path directory;

  private static User user(String name, boolean replication) {
    return new User(
        name,
        Optional.of(ScramSecret.of("secret").format()),
        replication,
        false,
        false,
        false,
        Optional.of(Instant.parse("2027-01-01T00:00:00Z")));
  }

  private static boolean put(Path file, User user) throws Exception {
    return UsersFileEditor.change(file, user.name(), _ -> user);
  }

  @Test
  void addsAndChangesAndKeepsTheRest() throws Exception {
    Path file = PrivateFile.write(directory.resolve("users"), "# mine\n\"a\" \"\" monitor\n");
    assertThat(put(file, user("we\"ird name", true))).isFalse();
    assertThat(put(file, user("a", true))).isTrue();
    assertThat(Files.readAllLines(file)).hasSize(3).first().isEqualTo("# mine");
    var users = UsersFile.read(file);
    assertThat(users.find("a").orElseThrow().replication()).isTrue();
    assertThat(users.find("a").orElseThrow().monitor()).isFalse();
    assertThat(users.find("we\"ird name").orElseThrow().validUntil())
        .contains(Instant.parse("2027-01-01T00:00:00Z"));
  }

  @Test
  void makesAFileThatOthersCannotRead() throws Exception {
    Path file = directory.resolve("users");
    put(file, user("a", false));
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
  }

  @Test
  void leavesAWrongFileAlone() throws Exception {
    Path file = PrivateFile.write(directory.resolve("users"), "nonsense\n");
    assertThatThrownBy(() -> put(file, user("a", false))).isInstanceOf(HbaException.class);
    assertThat(file).hasContent("nonsense\n");
  }

  @Test
  void nobodysChangeIsLost() throws Exception {
    Path file = directory.resolve("users");
    try (var all = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 40; i++) {
        User each = user("user" + i, true);
        all.execute(() -> {
          try {
            put(file, each);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(40);
  }
}
