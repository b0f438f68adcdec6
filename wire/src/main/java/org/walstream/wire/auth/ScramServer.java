package org.walstream.wire.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server's side of one SCRAM-SHA-256 exchange, with or without channel binding. Pure steps:
///
/// ```
/// client-first   n,,n=,r=CLIENTNONCE                         ─▶ first()
/// server-first   r=CLIENTNONCE+SERVERNONCE,s=SALT,i=4096     ◀─
/// client-final   c=biws,r=BOTHNONCES,p=PROOF                 ─▶ last()
/// server-final   v=SIGNATURE                                 ◀─ or empty: the password is wrong
/// ```
///
/// With channel binding, client-first begins with `p=tls-server-end-point,,`, and `c` in
/// client-final is that and a hash of the server's certificate; without, it begins with `n`, or
/// with `y` if the client would have bound the channel but was not offered it.
///
/// A user who does not exist gets the same exchange over a made-up secret, so that names cannot be
/// probed. Source: RFC 5802; counterpart of src/backend/libpq/auth-scram.c.
public final class ScramServer {

  private static final Pattern CLIENT_FIRST =
      Pattern.compile("(n|y|p=[^,]*),(?:a=[^,]*)?,(n=[^,]*,r=([!-+--~]+)(?:,.*)?)");
  private static final Pattern CLIENT_FINAL =
      Pattern.compile("(c=([A-Za-z0-9+/=]+),r=([!-+--~]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)");

  private final ScramSecret secret;
  private final boolean doomed;
  private Binding binding = Binding.NONE;
  private String gs2Header = "";
  private String clientFirstBare = "";
  private String serverFirst = "";
  private String nonce = "";

  /// What is known of the channel.
  ///
  /// @param endPoint the hash of the server's certificate; empty when channel binding is not
  ///   offered
  /// @param chosen whether the client has chosen the mechanism that binds it
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Binding(Optional<byte[]> endPoint, boolean chosen) {
    public static final Binding NONE = new Binding(Optional.empty(), false);
  }

  private ScramServer(ScramSecret secret, boolean doomed) {
    this.secret = secret;
    this.doomed = doomed;
  }

  public static ScramServer forSecret(ScramSecret secret) {
    return new ScramServer(secret, false);
  }

  /// An exchange that looks like any other and always fails.
  ///
  /// @param seed decides the made-up salt: the same for the same user, or probing would show
  public static ScramServer doomed(String seed) {
    byte[] salt = ScramHash.hash(seed.getBytes(StandardCharsets.UTF_8));
    return new ScramServer(
        new ScramSecret(
            ScramSecret.DEFAULT_ITERATIONS,
            Arrays.copyOf(salt, ScramSecret.SALT_BYTES),
            new byte[ScramHash.KEY_BYTES],
            new byte[ScramHash.KEY_BYTES]),
        true);
  }

  /// Takes client-first and gives server-first.
  ///
  /// @throws AuthenticationException if the message is malformed, or does not bind the channel as
  ///   the mechanism does
  /// @throws ChannelBindingException if the client was not told that the channel can be bound
  public String first(byte[] clientFirst, Binding binding)
      throws AuthenticationException, ChannelBindingException {
    Matcher matcher = CLIENT_FIRST.matcher(text(clientFirst));
    if (!matcher.matches()) {
      throw new AuthenticationException("malformed SCRAM message");
    }
    this.binding = binding;
    checkFlag(matcher.group(1));
    clientFirstBare = matcher.group(2);
    gs2Header = text(clientFirst).substring(0, matcher.start(2));
    nonce = matcher.group(3) + ScramHash.nonce();
    serverFirst =
        "r=%s,s=%s,i=%d"
            .formatted(
                nonce, Base64.getEncoder().encodeToString(secret.salt()), secret.iterations());
    return serverFirst;
  }

  private void checkFlag(String flag) throws AuthenticationException, ChannelBindingException {
    boolean bound = flag.startsWith("p");
    if (bound != binding.chosen) {
      throw new AuthenticationException("malformed SCRAM message");
    }
    if (bound && !ScramHash.BOUND_HEADER.equals(flag + ",,")) {
      throw new AuthenticationException(
          "unsupported SCRAM channel-binding type \"%s\"".formatted(flag.substring(2)));
    }
    if (flag.equals("y") && binding.endPoint.isPresent()) {
      throw new ChannelBindingException("SCRAM channel binding negotiation error");
    }
  }

  /// Takes client-final and gives server-final; empty when the proof is wrong.
  ///
  /// @throws AuthenticationException if the message is malformed or answers another exchange
  /// @throws ChannelBindingException if it was made for another channel
  public Optional<String> last(byte[] clientFinal)
      throws AuthenticationException, ChannelBindingException {
    Matcher matcher = CLIENT_FINAL.matcher(text(clientFinal));
    if (!matcher.matches()) {
      throw new AuthenticationException("malformed SCRAM message");
    }
    if (!matcher.group(3).equals(nonce)) {
      throw new AuthenticationException("invalid SCRAM response: nonce does not match");
    }
    checkBinding(decode(matcher.group(2)));
    String authMessage = clientFirstBare + "," + serverFirst + "," + matcher.group(1);
    if (doomed || !isProven(decode(matcher.group(4)), authMessage)) {
      return Optional.empty();
    }
    byte[] signature = ScramHash.signature(secret.serverKey(), authMessage);
    return Optional.of("v=" + Base64.getEncoder().encodeToString(signature));
  }

  private void checkBinding(byte[] theirs) throws AuthenticationException, ChannelBindingException {
    if (MessageDigest.isEqual(theirs, ScramHash.bound(gs2Header, binding.endPoint))) {
      return;
    }
    if (binding.chosen) {
      throw new ChannelBindingException("SCRAM channel binding check failed");
    }
    throw new AuthenticationException(
        "unexpected SCRAM channel-binding attribute in client-final-message");
  }

  /// Only who has the client key, of which the stored one is made, can have made the proof.
  private boolean isProven(byte[] proof, String authMessage) {
    if (proof.length != ScramHash.KEY_BYTES) {
      return false;
    }
    byte[] signature = ScramHash.signature(secret.storedKey(), authMessage);
    byte[] clientKey = ScramHash.xor(proof, signature);
    return MessageDigest.isEqual(ScramHash.storedKey(clientKey), secret.storedKey());
  }

  private static String text(byte[] message) {
    return new String(message, StandardCharsets.UTF_8);
  }

  private static byte[] decode(String base64) throws AuthenticationException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new AuthenticationException("malformed SCRAM message: not base64");
    }
  }
}
