package org.walstream.wire.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.testkit.tls.CertificateAuthority;

/// As libpq's own tests have it: src/test/ssl/t/001_ssltests.pl.
class PeerNameTest {

  @TempDir Path directory;

  private Optional<String> complaint(String commonName, String names, String host) {
    String subject = commonName.isEmpty() ? "O=nobody" : "CN=" + commonName;
    var request = CertificateAuthority.in(directory, "root").certificate(subject);
    for (String name : names.isEmpty() ? new String[0] : names.split(" ")) {
      if (name.startsWith("ip:")) {
        request.ip(name.substring(3));
      } else {
        request.dns(name);
      }
    }
    return PeerName.complaint(request.issue("x").certificate(), host);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // common name, alternative names, host
        "common.name, '', common.name",
        "common.name, '', COMMON.name",
        "*.wild.test, '', foo.wild.test",
        "common.name, dns1.test dns2.test, dns2.test",
        "common.name, *.wild.test, a.wild.test",
        "common.name, ip:192.0.2.1, 192.0.2.1",
        "common.name, ip:2001:db8::1, 2001:db8::1",
        "common.name, ip:2001:db8::1, 2001:0db8:0::1",
        "common.name, ip:192.0.2.1, common.name", // no alternative name of the host's kind
        "192.0.2.1, dns1.test, 192.0.2.1"
      })
  void matches(String commonName, String names, String host) {
    assertThat(complaint(commonName, names, host)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "common.name, '', wrong.name, 'server certificate for \"common.name\" does not match host name \"wrong.name\"'",
    "*.wild.test, '', a.b.wild.test, 'server certificate for \"*.wild.test\" does not match host name \"a.b.wild.test\"'",
    "*.wild.test, '', .wild.test, 'server certificate for \"*.wild.test\" does not match host name \".wild.test\"'",
    "*.wild.test, '', wild.test, 'server certificate for \"*.wild.test\" does not match host name \"wild.test\"'",
    "a*.wild.test, '', ab.wild.test, 'server certificate for \"a*.wild.test\" does not match host name \"ab.wild.test\"'",
    "common.name, dns1.test, common.name, 'server certificate for \"dns1.test\" does not match host name \"common.name\"'",
    "common.name, dns1.test dns2.test, common.name, 'server certificate for \"dns1.test\" (and 1 other name) does not match host name \"common.name\"'",
    "common.name, dns1.test dns2.test ip:192.0.2.1, x, 'server certificate for \"dns1.test\" (and 2 other names) does not match host name \"x\"'",
    "192.0.2.1, ip:192.0.2.2, 192.0.2.1, 'server certificate for \"192.0.2.2\" does not match host name \"192.0.2.1\"'",
    "'', '', x, 'could not get server''s host name from server certificate'",
    "common.name, '', '', 'host name must be specified for a verified SSL connection'"
  })
  void complains(String commonName, String names, String host, String complaint) {
    assertThat(complaint(commonName, names, host)).contains(complaint);
  }

  @Test
  void namesAreWrittenAsPostgresWritesThem() {
    var name =
        DistinguishedName.of(
            new javax.security.auth.x500.X500Principal(
                "CN=\"a, b\", OU=Größe, O=x, 1.2.840.113549.1.9.1=a@b.test, C=DE"));
    assertThat(name.rfc2253()).isEqualTo("CN=a\\, b,OU=Größe,O=x,emailAddress=a@b.test,C=DE");
    assertThat(name.slashed()).isEqualTo("/C=DE/emailAddress=a@b.test/O=x/OU=Größe/CN=a\\, b");
    assertThat(name.commonName()).contains("a, b");
  }

  @ParameterizedTest
  @CsvSource({
    "TLS_AES_256_GCM_SHA384, TLS_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256, DHE-RSA-AES128-SHA256",
    "TLS_RSA_WITH_AES_128_CBC_SHA, AES128-SHA"
  })
  void ciphersHaveOpenSslsNames(String suite, String name) {
    assertThat(TlsSession.openSslName(suite)).isEqualTo(name);
  }
}
