package org.walstream.node;

import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.send.hba.ConnectionType;
import org.walstream.send.hba.HbaFile;
import org.walstream.send.hba.HbaRule;
import org.walstream.wire.tls.ServerTls;
import org.walstream.wire.tls.TlsException;

/// The TLS that clients of a node may have now. A reload takes new certificates for connections
/// that come after it; files that are wrong leave it as it was. Thread-safe.
final class NodeTls {

  private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);

  private final Path home;
  private volatile Optional<ServerTls> current;

  /// @param home what a relative name is relative to
  /// @throws TlsException in PostgreSQL's words
  NodeTls(Path home, NodeSettings settings) throws TlsException {
    this.home = home;
    this.current =
        settings.offersTls()
            ? Optional.of(ServerTls.load(settings.tlsFiles(home)))
            : Optional.empty();
  }

  Optional<ServerTls> current() {
    return current;
  }

  void reload(NodeSettings settings) {
    try {
      current =
          settings.offersTls()
              ? Optional.of(ServerTls.reload(settings.tlsFiles(home)))
              : Optional.empty();
    } catch (TlsException e) {
      LOG.info("{}", e.getMessage());
      LOG.info("SSL configuration was not reloaded");
    }
  }

  /// Says which rules are for connections that there cannot be.
  void logHopeless(HbaFile hba) {
    for (HbaRule rule : hba.rules()) {
      if (rule.type() == ConnectionType.HOSTGSSENC) {
        LOG.info(
            "hostgssenc record cannot match because GSSAPI is not supported by this build ({})",
            rule.place());
      } else if (rule.type() == ConnectionType.HOSTSSL && current.isEmpty()) {
        LOG.info("hostssl record cannot match because SSL is disabled ({})", rule.place());
      }
    }
  }
}
