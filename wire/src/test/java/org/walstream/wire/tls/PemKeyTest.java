package org.walstream.wire.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.tls.CertificateAuthority;
import org.walstream.testkit.tls.IssuedCertificate;
import org.walstream.testkit.tls.KeyForm;

/// The files are ours; that they are what OpenSSL reads is proved where a real server is given the
/// same.
class PemKeyTest {

  @TempDir Path directory;

  private IssuedCertificate issued(String algorithm) {
    var request = CertificateAuthority.in(directory, "root").certificate("CN=x");
    return (algorithm.equals("RSA") ? request.rsa() : request).issue("x");
  }

  @ParameterizedTest
  @CsvSource({
    "EC, PKCS8", "EC, TRADITIONAL", "EC, ENCRYPTED_PKCS8", "EC, ENCRYPTED_TRADITIONAL",
    "RSA, PKCS8", "RSA, TRADITIONAL", "RSA, ENCRYPTED_PKCS8", "RSA, ENCRYPTED_TRADITIONAL"
  })
  void everyFormIsTheCertificatesKey(String algorithm, KeyForm form) throws Exception {
    IssuedCertificate issued = issued(algorithm);
    Path file = issued.key(form, "sésame");
    var key = PemKey.read(file, "sésame"::toCharArray);
    assertThat(Identity.of(key, List.of(issued.certificate())).isSound()).isTrue();
    assertThat(Identity.of(key, List.of(issued(algorithm).certificate())).isSound()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENCRYPTED_PKCS8", "ENCRYPTED_TRADITIONAL"})
  void wrongPassphraseIsSaidInOpenSslsWords(KeyForm form) throws Exception {
    IssuedCertificate issued = issued("EC");
    Path file = issued.key(form, "right");
    for (String wrong : List.of("wrong", "")) {
      assertThatThrownBy(() -> PemKey.read(file, wrong::toCharArray))
          .isInstanceOf(PemException.class);
    }
  }

  @Test
  void fileWithoutAKeyIsSaidToHaveNone() throws Exception {
    Path file = Files.writeString(directory.resolve("empty"), "nothing\n");
    assertThatThrownBy(() -> PemKey.read(file, () -> new char[0])).hasMessage("no start line");
    assertThatThrownBy(() -> PemKey.read(directory.resolve("none"), () -> new char[0]))
        .hasMessage("No such file or directory");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damagedFilesAreErrorsAndNothingElse(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    IssuedCertificate issued = issued("EC");
    for (KeyForm form : KeyForm.values()) {
      byte[] right = Files.readAllBytes(issued.key(form, "p"));
      for (int i = 0; i < 300; i++) {
        byte[] damaged = right.clone();
        for (int j = random.nextInt(1, 4); j > 0; j--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(32, 127);
        }
        Path file = Files.write(directory.resolve("damaged"), damaged);
        try {
          PemKey.read(file, "p"::toCharArray);
        } catch (PemException expected) {
          assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void anyBytesAreDerOrAnError(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[random.nextInt(30)];
      random.nextBytes(bytes);
      try {
        for (Der.Value value : Der.values(bytes)) {
          assertThat(value.content().length).isLessThanOrEqualTo(bytes.length);
        }
      } catch (PemException expected) {
        assertThat(expected).hasMessage("bad object header");
      }
    }
    assertThat(Der.encode(Der.OCTET_STRING, new byte[300]))
        .startsWith(4, (byte) 0x82, 1, 44)
        .hasSize(304);
  }
}
