package org.walstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {

  /// The right column is what SELECT inet '…' prints.
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "0:0:0:0:0:0:0:1, ::1",
    "0:0:0:0:0:0:0:0, ::",
    "2001:0DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8:0:0:0:0:0:0, 2001:db8::",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "fe80:0:0:0:0:0:0:1%1, fe80::1",
    "0:0:0:0:0:0:102:304, ::1.2.3.4",
    "0:0:0:0:0:1:102:304, ::1:102:304",
  })
  void printsAsPostgres(String address, String text) throws Exception {
    assertThat(AddressText.of(InetAddress.ofLiteral(address))).isEqualTo(text);
  }
}
