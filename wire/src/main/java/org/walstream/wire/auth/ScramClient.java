package org.walstream.wire.auth;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.wire.conninfo.ScramKeys;

/// The client's side of one SCRAM-SHA-256 exchange, with or without channel binding. Pure steps;
/// the messages are pictured at [ScramServer]. The user's name stays empty: the server has it from
/// the startup packet.
///
/// Counterpart of src/interfaces/libpq/fe-auth-scram.c.
final class ScramClient {

  /// Who binds the channel or not, and what the server is told of it.
  ///
  /// @param gs2Header how client-first begins
  /// @param endPoint the hash of the server's certificate, if the channel is bound
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Binding(String gs2Header, Optional<byte[]> endPoint) {

    /// The channel is in clear, or shall not be bound.
    static final Binding UNWANTED = new Binding("n,,", Optional.empty());

    /// It would have been bound if the server had offered that.
    static final Binding NOT_OFFERED = new Binding("y,,", Optional.empty());

    static Binding to(byte[] endPoint) {
      return new Binding(ScramHash.BOUND_HEADER, Optional.of(endPoint));
    }
  }

  private static final Pattern SERVER_FIRST =
      Pattern.compile("r=([^,]*),s=([^,]*),i=([^,]*)(,.*)?", Pattern.DOTALL);
  private static final Pattern SERVER_FINAL =
      Pattern.compile("([ev])=([^,]*)(,.*)?", Pattern.DOTALL);

  private final Optional<String> password;
  private final ScramKeys keys;
  private final Binding binding;
  private final String nonce;
  private String authMessage = "";
  private byte[] serverKey = new byte[0];

  /// @param password not needed by who has a client key
  /// @param keys what has been made of the password before, and is used in place of it
  ScramClient(Optional<String> password, ScramKeys keys, Binding binding) {
    this(password, keys, binding, ScramHash.nonce());
  }

  ScramClient(Optional<String> password, ScramKeys keys, Binding binding, String nonce) {
    this.password = password;
    this.keys = keys;
    this.binding = binding;
    this.nonce = nonce;
  }

  private String firstBare() {
    return "n=,r=" + nonce;
  }

  /// client-first
  String first() {
    return binding.gs2Header + firstBare();
  }

  /// Takes server-first and gives client-final.
  String last(String serverFirst) throws AuthenticationException {
    Matcher matcher = SERVER_FIRST.matcher(serverFirst);
    if (!matcher.matches()) {
      throw malformed("attribute \"%c\" expected".formatted(missing(serverFirst)));
    }
    if (matcher.group(4) != null) {
      throw malformed("garbage at end of server-first-message");
    }
    String bothNonces = matcher.group(1);
    if (!bothNonces.startsWith(nonce)) {
      throw new AuthenticationException("invalid SCRAM response (nonce mismatch)");
    }
    byte[] salt = decode(matcher.group(2), "invalid salt");
    int iterations = iterations(matcher.group(3));
    String withoutProof =
        "c=%s,r=%s"
            .formatted(encode(ScramHash.bound(binding.gs2Header, binding.endPoint)), bothNonces);
    authMessage = firstBare() + "," + serverFirst + "," + withoutProof;
    byte[] salted =
        password
            .map(p -> ScramHash.saltedPassword(p, salt, iterations))
            .orElse(new byte[ScramHash.KEY_BYTES]);
    byte[] clientKey = keys.clientKey().orElseGet(() -> ScramHash.clientKey(salted));
    serverKey = keys.serverKey().orElseGet(() -> ScramHash.serverKey(salted));
    byte[] signature = ScramHash.signature(ScramHash.storedKey(clientKey), authMessage);
    return withoutProof + ",p=" + encode(ScramHash.xor(clientKey, signature));
  }

  /// Takes server-final, by which the server proves that it knows the password too.
  void verify(String serverFinal) throws AuthenticationException {
    Matcher matcher = SERVER_FINAL.matcher(serverFinal);
    if (!matcher.matches()) {
      throw malformed("attribute \"v\" expected");
    }
    if (matcher.group(1).equals("e")) {
      throw new AuthenticationException(
          "error received from server in SCRAM exchange: " + matcher.group(2));
    }
    if (matcher.group(3) != null) {
      throw malformed("garbage at end of server-final-message");
    }
    byte[] signature = decode(matcher.group(2), "invalid server signature");
    if (signature.length != ScramHash.KEY_BYTES) {
      throw malformed("invalid server signature");
    }
    if (serverKey.length == 0
        || !MessageDigest.isEqual(signature, ScramHash.signature(serverKey, authMessage))) {
      throw new AuthenticationException("incorrect server signature");
    }
  }

  private static char missing(String serverFirst) {
    if (!serverFirst.startsWith("r=")) {
      return 'r';
    }
    return serverFirst.contains(",s=") ? 'i' : 's';
  }

  private static int iterations(String text) throws AuthenticationException {
    try {
      int iterations = Integer.parseInt(text);
      if (iterations > 0) {
        return iterations;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw malformed("invalid iteration count");
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] decode(String base64, String complaint) throws AuthenticationException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw malformed(complaint);
    }
  }

  private static AuthenticationException malformed(String how) {
    return new AuthenticationException("malformed SCRAM message (" + how + ")");
  }
}
