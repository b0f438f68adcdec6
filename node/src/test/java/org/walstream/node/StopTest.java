package org.walstream.node;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class StopTest {

  /// The upstream's wal_receiver_timeout is off: without the stop it would be waited for for ever.
  @Test
  void nodeWhoseUpstreamAcceptsAndNeverAnswersStops() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var relay =
            Relay.of("host=127.0.0.1 user=nobody port=" + silent.getLocalPort())
                .set("wal_receiver_timeout", "0")
                .startAlone();
        var upstream = silent.accept()) {
      upstream.getInputStream().read();
      relay.stop();
    }
  }
}
