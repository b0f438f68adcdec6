package org.walstream.wire.conninfo;

import java.util.Base64;
import java.util.Optional;

/// What SCRAM makes of a password, given in its place: `scram_client_key` and `scram_server_key`,
/// both base64. Not shown in any text.
///
/// @param clientKey proves us to the server without the password
/// @param serverKey checks the server's own proof
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ScramKeys(Optional<byte[]> clientKey, Optional<byte[]> serverKey) {

  public static final ScramKeys NONE = new ScramKeys(Optional.empty(), Optional.empty());

  private static final int KEY_BYTES = 32;

  static ScramKeys of(ConnInfo conninfo) {
    return new ScramKeys(
        key(conninfo, ConnInfoOption.SCRAM_CLIENT_KEY, "client"),
        key(conninfo, ConnInfoOption.SCRAM_SERVER_KEY, "server"));
  }

  private static Optional<byte[]> key(ConnInfo conninfo, ConnInfoOption option, String whose) {
    Optional<String> text = conninfo.get(option);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text.get().replaceAll("[ \t\r\n]", ""));
    } catch (IllegalArgumentException e) {
      throw new ConnInfoException("invalid SCRAM %s key".formatted(whose));
    }
    if (key.length != KEY_BYTES) {
      throw new ConnInfoException("invalid SCRAM %s key length: %d".formatted(whose, key.length));
    }
    return Optional.of(key);
  }

  @Override
  public String toString() {
    return "ScramKeys";
  }
}
