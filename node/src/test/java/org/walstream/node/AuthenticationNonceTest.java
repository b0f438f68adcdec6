package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;

class AuthenticationNonceTest {

  @Test
  void isMadeOnceAndStaysTheSame(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("authentication_nonce");
    String made = AuthenticationNonce.of(file, FileLayer.system());
    assertThat(AuthenticationNonce.of(file, FileLayer.system())).isEqualTo(made).hasSize(64);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    String other = AuthenticationNonce.of(directory.resolve("other"), FileLayer.system());
    assertThat(other).isNotEqualTo(made);
  }

  @Test
  void isNotGuessedAtWhenItsFileIsDamaged(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("authentication_nonce"), "abc\n");
    assertThatThrownBy(() -> AuthenticationNonce.of(file, FileLayer.system()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "invalid contents of file \"%s\": expected 64 hexadecimal digits".formatted(file));
  }
}
