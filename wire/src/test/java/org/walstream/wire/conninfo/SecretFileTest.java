package org.walstream.wire.conninfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretFileTest {

  @TempDir Path directory;

  /// What PostgreSQL's two checks let pass, by owner and mode; 1000 is the user of the process.
  @ParameterizedTest
  @CsvSource({
    "1000, 600, SOUND",
    "1000, 400, SOUND",
    "1000, 700, SOUND",
    "1000, 640, EXPOSED",
    "1000, 604, EXPOSED",
    "1000, 660, EXPOSED",
    "0, 600, SOUND",
    "0, 640, SOUND",
    "0, 644, EXPOSED",
    "0, 660, EXPOSED",
    "0, 650, EXPOSED",
    "1001, 600, SOMEBODY_ELSES",
    "1001, 640, SOMEBODY_ELSES"
  })
  void ownerAndModeDecide(long owner, String mode, SecretFile expected) {
    assertThat(SecretFile.check(owner, Integer.parseInt(mode, 8), 1000)).isEqualTo(expected);
  }

  @Test
  void realFilesAreLookedAt() throws Exception {
    Path file = Files.createFile(directory.resolve("key"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
    assertThat(SecretFile.check(file)).isEqualTo(SecretFile.EXPOSED);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(SecretFile.check(file)).isEqualTo(SecretFile.SOUND);
    assertThat(SecretFile.check(directory)).isEqualTo(SecretFile.NOT_A_FILE);
    assertThat(SecretFile.check(directory.resolve("none"))).isEqualTo(SecretFile.MISSING);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "MISSING, 'could not access private key file \"k\": No such file or directory'",
        "NOT_A_FILE, 'private key file \"k\" is not a regular file'",
        "SOMEBODY_ELSES, 'private key file \"k\" must be owned by the database user or root'"
      })
  void complaintsAreAServers(SecretFile found, String words) {
    assertThat(found.complaint("private key file", Path.of("k"))).contains(words);
    assertThat(SecretFile.SOUND.complaint("private key file", Path.of("k"))).isEmpty();
  }
}
