package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.testkit.file.RecordedFiles.Torn;

class NodeDirectoryTest {

  @TempDir Path temporary;

  /// When `walstream init` says that it is done, a loss of power takes nothing back.
  @Test
  void whatHasBeenMadeSurvivesALossOfPower() throws IOException {
    var node = new NodeDirectory(temporary.resolve("above/node"));
    var files = RecordedFiles.recording();
    node.create(files, List.of("port = 6000"));
    Path survived = Files.createDirectory(temporary.resolve("survived"));
    files.afterPowerLoss(node.path(), survived, null, Torn.PAGES);
    try (var made = Files.list(node.path())) {
      for (Path file : made.filter(Files::isRegularFile).toList()) {
        assertThat(survived.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
    assertThat(survived.resolve("walstream.conf")).content().contains("\nport = 6000\n");
    assertThat(files.operations())
        .as("the directory's own name, and that of the one above it")
        .endsWith(
            "force directory node",
            "force directory above",
            "force directory " + temporary.getFileName());
  }

  @Test
  void emptyDirectoryIsTakenAndBecomesPrivateAnyOtherIsLeftAlone() throws IOException {
    var attribute =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    Path path = Files.createDirectory(temporary.resolve("node"), attribute);
    var node = new NodeDirectory(path);
    node.create(List.of());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node.usersFile())))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> node.create(List.of()))
        .hasMessage("directory \"" + path + "\" exists but is not empty");
  }
}
