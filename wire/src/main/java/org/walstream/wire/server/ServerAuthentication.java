package org.walstream.wire.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.SqlState;
import org.walstream.wire.auth.AuthenticationException;
import org.walstream.wire.auth.ChannelBindingException;
import org.walstream.wire.auth.Md5Password;
import org.walstream.wire.auth.ScramSecret;
import org.walstream.wire.auth.ScramServer;
import org.walstream.wire.message.Authentication;
import org.walstream.wire.message.AuthenticationResponse;

/// The server's side of authentication, one connection attempt: what to ask, and whether the
/// answers will do. Pure steps.
///
/// A wrong password and a user who does not exist look the same from outside, in what is said and
/// in how many steps it takes.
///
/// Counterpart of ClientAuthentication(), src/backend/libpq/auth.c. Not thread-safe.
public final class ServerAuthentication {

  private static final String SCRAM = "SCRAM-SHA-256";
  private static final String PLUS = "SCRAM-SHA-256-PLUS";

  /// How a client must prove who it is.
  public enum Method {
    TRUST,
    PASSWORD,
    /// As in PostgreSQL: SCRAM unless the stored secret is md5's.
    MD5,
    SCRAM_SHA_256
  }

  /// What follows from the last step.
  public sealed interface Step {}

  /// Send this and wait for the answer.
  public record Ask(Authentication question) implements Step {}

  /// The client is who it says; send this first.
  public record Accept(List<Authentication> last) implements Step {
    public Accept {
      last = List.copyOf(last);
    }
  }

  /// The password is wrong, or there is no such user.
  public record Refuse() implements Step {}

  private final Method method;
  private final String user;
  private final Optional<String> secret;
  private final Optional<byte[]> endPoint;
  private final ScramServer scram;
  private final int salt = ThreadLocalRandom.current().nextInt();
  private boolean sentServerFirst;

  /// @param secret what is stored for the user: a SCRAM or md5 secret; empty when there is no such
  ///   user, or no password
  /// @param endPoint what the channel is known by, to which a proof may be bound; empty when it is
  ///   in clear
  /// @param nodeSeed some bytes that stay the same on this node, for made-up salts
  public ServerAuthentication(
      Method method,
      String user,
      Optional<String> secret,
      Optional<byte[]> endPoint,
      String nodeSeed) {
    Optional<ScramSecret> scramSecret = secret.flatMap(ScramSecret::parse);
    boolean md5Secret = secret.filter(s -> s.startsWith("md5")).isPresent();
    this.method = method == Method.MD5 && !md5Secret ? Method.SCRAM_SHA_256 : method;
    this.user = user;
    this.secret = secret;
    this.endPoint = endPoint;
    this.scram =
        scramSecret
            .map(ScramServer::forSecret)
            .orElseGet(() -> ScramServer.doomed(nodeSeed + user));
  }

  public Step begin() {
    return switch (method) {
      case TRUST -> new Accept(List.of());
      case PASSWORD -> new Ask(new Authentication.CleartextPassword());
      case MD5 -> new Ask(new Authentication.Md5Password(salt));
      case SCRAM_SHA_256 -> new Ask(new Authentication.Sasl(mechanisms()));
    };
  }

  /// The stronger one first.
  private List<String> mechanisms() {
    return endPoint.isPresent() ? List.of(PLUS, SCRAM) : List.of(SCRAM);
  }

  /// Takes the client's answer to what was asked last.
  ///
  /// @throws ProtocolViolation if it is not an answer to that
  /// @throws ServerError if it was not meant for this channel
  public Step answer(AuthenticationResponse response) throws ProtocolViolation, ServerError {
    return switch (method) {
      case TRUST -> throw new ProtocolViolation("nothing was asked");
      case PASSWORD -> verdict(matches(response.asPassword()));
      case MD5 -> verdict(matchesMd5(response.asPassword()));
      case SCRAM_SHA_256 -> scramStep(response);
    };
  }

  private Step scramStep(AuthenticationResponse response) throws ProtocolViolation, ServerError {
    try {
      if (!sentServerFirst) {
        sentServerFirst = true;
        var initial = response.asSaslInitial();
        if (!mechanisms().contains(initial.mechanism())) {
          throw new ProtocolViolation("client selected an invalid SASL authentication mechanism");
        }
        var binding = new ScramServer.Binding(endPoint, initial.mechanism().equals(PLUS));
        return new Ask(new Authentication.SaslContinue(scram.first(initial.data(), binding)));
      }
      @Nullable String serverFinal = scram.last(response.body()).orElse(null);
      return serverFinal == null
          ? new Refuse()
          : new Accept(List.of(new Authentication.SaslFinal(serverFinal)));
    } catch (ChannelBindingException elsewhere) {
      throw ServerError.fatal(
          SqlState.INVALID_AUTHORIZATION, String.valueOf(elsewhere.getMessage()));
    } catch (AuthenticationException malformed) {
      throw new ProtocolViolation(String.valueOf(malformed.getMessage()));
    }
  }

  private boolean matches(String password) {
    if (secret.isEmpty() || password.isEmpty()) {
      return false;
    }
    return ScramSecret.parse(secret.get())
        .map(scramSecret -> scramSecret.matches(password))
        .orElseGet(() -> isEqual(secret.get(), Md5Password.stored(user, password)));
  }

  private boolean matchesMd5(String answer) {
    return secret
        .filter(s -> s.startsWith("md5"))
        .map(s -> isEqual(answer, Md5Password.answer(s, salt)))
        .orElse(false);
  }

  /// In a time that does not tell how much of it is right.
  private static boolean isEqual(String answer, String right) {
    return MessageDigest.isEqual(
        answer.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private static Step verdict(boolean right) {
    return right ? new Accept(List.of()) : new Refuse();
  }
}
