package org.walstream.wire.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/// What another side's alert is called.
class TlsAlertTest {

  /// As libpq's OpenSSL sends it when it does not believe the certificate.
  @Test
  void alertInClearIsRead() {
    assertThat(inClear(21, 3, 3, 0, 2, 2, 45)).isEqualTo("certificate_expired");
    assertThat(inClear(21, 3, 3, 0, 2, 2, 48)).isEqualTo("unknown_ca");
    SSLException failure = TlsAlert.received("unknown_ca", new SSLException("any"));
    assertThat(TlsAlert.reason(failure)).isEqualTo("tlsv1 alert unknown ca");
  }

  @Test
  void whatIsEncryptedCutOffOrUnknownIsNone() {
    assertThat(inClear(21, 3, 3, 0, 19, 2, 45)).isEmpty();
    assertThat(inClear(23, 3, 3, 0, 2, 2, 45)).isEmpty();
    assertThat(inClear(21, 3, 3, 0, 2, 2, 255)).isEmpty();
    assertThat(inClear(21, 3, 3, 0, 2, 2)).isEmpty();
    assertThat(inClear()).isEmpty();
  }

  private static String inClear(int... bytes) {
    ByteBuffer record = ByteBuffer.allocate(bytes.length);
    for (int value : bytes) {
      record.put((byte) value);
    }
    return TlsAlert.inClear(record.flip()).orElse("");
  }
}
