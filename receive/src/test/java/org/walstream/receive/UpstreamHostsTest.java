package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.wire.conninfo.ConnInfo;

class UpstreamHostsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host=a,b,c port=1,2,3 | 0 | host=a,b,c port=1,2,3",
        "host=a,b,c port=1,2,3 | 1 | host=b,c,a port=2,3,1",
        "host=a,b,c port=1,2,3 | 4 | host=b,c,a port=2,3,1",
        "host=a,b,c port=5432  | 2 | host=c,a,b port=5432",
        "host=a,b              | 1 | host=b,a",
        "host=a port=1         | 1 | host=a port=1",
        "hostaddr=1.1.1.1,2.2.2.2 host=a,b | 1 | hostaddr=2.2.2.2,1.1.1.1 host=b,a",
        "user=u                | 1 | user=u",
      })
  void theOneThatHasSentCorruptWalIsTriedLast(String given, int first, String turned) {
    assertThat(UpstreamHosts.beginningWith(first, ConnInfo.parse(given)))
        .isEqualTo(ConnInfo.parse(turned));
  }
}
