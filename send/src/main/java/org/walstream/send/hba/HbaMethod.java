package org.walstream.send.hba;

import java.util.Optional;

/// How a client proves who it is. What PostgreSQL knows beyond these is refused when the file is
/// read, as a PostgreSQL built without it does.
public enum HbaMethod {
  TRUST("trust"),
  REJECT("reject"),
  MD5("md5"),
  SCRAM_SHA_256("scram-sha-256"),
  PASSWORD("password"),
  /// By its certificate.
  CERT("cert"),
  /// By the operating system's user at the other end of a Unix-domain socket.
  PEER("peer");

  private final String word;

  HbaMethod(String word) {
    this.word = word;
  }

  private static Optional<HbaMethod> of(String word) {
    for (HbaMethod method : values()) {
      if (method.word.equals(word)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  static HbaMethod parse(HbaLine line, ConnectionType type, String word) throws HbaException {
    boolean local = type == ConnectionType.LOCAL;
    HbaMethod method =
        of(local && word.equals("ident") ? "peer" : word).orElseThrow(() -> unknown(line, word));
    if (method == PEER && !local) {
      throw line.error("peer authentication is only supported on local sockets");
    }
    if (method == CERT && type != ConnectionType.HOSTSSL) {
      throw line.error("cert authentication is only supported on hostssl connections");
    }
    return method;
  }

  private static HbaException unknown(HbaLine line, String word) {
    return line.error(
        switch (word) {
          case "gss", "sspi", "ident", "ldap", "radius", "pam", "bsd", "oauth" ->
              "invalid authentication method \"%s\": not supported by this build".formatted(word);
          default -> "invalid authentication method \"%s\"".formatted(word);
        });
  }

  /// As the file has it.
  @Override
  public String toString() {
    return word;
  }
}
