package org.walstream.send.hba;

/// The last column of a rule: how a client proves who it is. What PostgreSQL knows beyond these is
/// refused when the file is read, not when a client comes.
public enum HbaMethod {
  TRUST("trust"),
  REJECT("reject"),
  MD5("md5"),
  SCRAM_SHA_256("scram-sha-256"),
  PASSWORD("password");

  private final String word;

  HbaMethod(String word) {
    this.word = word;
  }

  static HbaMethod parse(HbaLine line, String word) throws HbaException {
    for (HbaMethod method : values()) {
      if (method.word.equals(word)) {
        return method;
      }
    }
    throw line.error(
        switch (word) {
          case "gss", "sspi", "ident", "peer", "ldap", "radius", "cert", "pam", "bsd", "oauth" ->
              "authentication method \"%s\" is not supported: use trust, reject, md5, scram-sha-256 or password"
                  .formatted(word);
          default -> "invalid authentication method \"%s\"".formatted(word);
        });
  }

  /// As the file has it.
  @Override
  public String toString() {
    return word;
  }
}
