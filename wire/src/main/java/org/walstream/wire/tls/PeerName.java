package org.walstream.wire.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.AddressText;

/// Whether a server's certificate is for the host that the client wanted to reach.
///
/// The host is compared with the certificate's alternative names, addresses with addresses, and
/// with its common name only if there is no alternative name of the host's kind. A `*` stands for
/// the whole leftmost label and for nothing else.
///
/// Counterpart of pq_verify_peer_name_matches_certificate(), src/interfaces/libpq/.
final class PeerName {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private final String host;
  private final List<String> examined = new ArrayList<>();

  private PeerName(String host) {
    this.host = host;
  }

  /// @return libpq's complaint; empty when the certificate is for `host`
  static Optional<String> complaint(X509Certificate certificate, String host) {
    if (host.isEmpty()) {
      return Optional.of("host name must be specified for a verified SSL connection");
    }
    return new PeerName(host).compare(certificate);
  }

  private Optional<String> compare(X509Certificate certificate) {
    Optional<InetAddress> address = literal(host);
    int kind = address.isPresent() ? IP_ADDRESS : DNS_NAME;
    boolean compareCommonName = true;
    for (List<?> name : alternativeNames(certificate)) {
      int type = name.getFirst() instanceof Integer number ? number : -1;
      compareCommonName &= type != kind;
      String text = String.valueOf(name.get(1));
      if (type == DNS_NAME || type == IP_ADDRESS) {
        Optional<InetAddress> theirs = type == IP_ADDRESS ? literal(text) : Optional.empty();
        examined.add(theirs.map(AddressText::of).orElse(text));
        if (type == IP_ADDRESS ? address.isPresent() && theirs.equals(address) : isFor(text)) {
          return Optional.empty();
        }
      }
    }
    if (compareCommonName) {
      @Nullable String commonName =
          DistinguishedName.of(certificate.getSubjectX500Principal()).commonName().orElse(null);
      if (commonName != null) {
        examined.add(commonName);
        if (isFor(commonName)) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(complaint());
  }

  private static Collection<List<?>> alternativeNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return List.of(); // as good as none
    }
  }

  private String complaint() {
    if (examined.isEmpty()) {
      return "could not get server's host name from server certificate";
    }
    int others = examined.size() - 1;
    return "server certificate for \"%s\"%s does not match host name \"%s\""
        .formatted(
            examined.getFirst(),
            others == 0 ? "" : " (and %d other name%s)".formatted(others, others == 1 ? "" : "s"),
            host);
  }

  private boolean isFor(String name) {
    return name.equalsIgnoreCase(host) || isForByWildcard(name);
  }

  private boolean isForByWildcard(String pattern) {
    if (!pattern.startsWith("*.") || pattern.length() < 3) {
      return false;
    }
    int prefix = host.length() - (pattern.length() - 1);
    return prefix > 0
        && host.substring(prefix).equalsIgnoreCase(pattern.substring(1))
        && host.indexOf('.') >= prefix;
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }
}
