package org.walstream.wire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.message.StartupPacket;

class StartupNegotiationTest {

  private final StartupNegotiation negotiation = new StartupNegotiation(false);

  private static StartupPacket.Startup startup(
      int major, int minor, Map<String, String> parameters) {
    return new StartupPacket.Startup(new ProtocolVersion(major, minor), parameters);
  }

  @Test
  void refusesEncryptionOnceAndGoesOn() throws Exception {
    assertThat(negotiation.next(new StartupPacket.GssEncRequest()))
        .isEqualTo(new StartupNegotiation.Answer((byte) 'N', false));
    assertThat(negotiation.next(new StartupPacket.SslRequest()))
        .isEqualTo(new StartupNegotiation.Answer((byte) 'N', false));
    assertThatThrownBy(() -> negotiation.next(new StartupPacket.SslRequest()))
        .isInstanceOf(ServerError.class);
  }

  @Test
  void takesARequestForTlsIfItCanBeHadAndNoFurtherOne() throws Exception {
    var secure = new StartupNegotiation(true);
    assertThat(secure.next(new StartupPacket.GssEncRequest()))
        .isEqualTo(new StartupNegotiation.Answer((byte) 'N', false));
    assertThat(secure.next(new StartupPacket.SslRequest()))
        .isEqualTo(new StartupNegotiation.Answer((byte) 'S', true));
    assertThatThrownBy(() -> secure.next(new StartupPacket.SslRequest()))
        .hasMessage("unsupported frontend protocol 1234.5679: server supports 3.0 to 3.2");
    assertThatThrownBy(() -> secure.next(new StartupPacket.GssEncRequest()))
        .hasMessage("unsupported frontend protocol 1234.5680: server supports 3.0 to 3.2");
  }

  @Test
  void beginsWithTheVersionAskedFor() throws Exception {
    var begin = (StartupNegotiation.Begin) negotiation.next(startup(3, 0, Map.of("user", "u")));
    assertThat(begin.version()).isEqualTo(ProtocolVersion.V3_0);
    assertThat(begin.negotiate()).isEmpty();
  }

  @Test
  void negotiatesDownWhatItDoesNotKnow() throws Exception {
    var newer = (StartupNegotiation.Begin) negotiation.next(startup(3, 9999, Map.of("user", "u")));
    assertThat(newer.version()).isEqualTo(ProtocolVersion.V3_2);
    assertThat(newer.negotiate()).hasSize(1);

    var option =
        (StartupNegotiation.Begin)
            negotiation.next(startup(3, 0, Map.of("user", "u", "_pq_.x", "1")));
    assertThat(option.negotiate())
        .singleElement()
        .satisfies(m -> assertThat(m.unknownOptions()).containsExactly("_pq_.x"));
  }

  @Test
  void refusesOtherMajorVersionsAndMissingUsers() {
    assertThatThrownBy(() -> negotiation.next(startup(2, 0, Map.of("user", "u"))))
        .hasMessage("unsupported frontend protocol 2.0: server supports 3.0 to 3.2");
    assertThatThrownBy(() -> negotiation.next(startup(3, 0, Map.of())))
        .hasMessage("no PostgreSQL user name specified in startup packet");
  }
}
