package org.walstream.wire.auth;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.conninfo.ChannelBinding;
import org.walstream.wire.conninfo.ConnectionHost;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.RequireAuth;
import org.walstream.wire.conninfo.RequireAuth.Method;
import org.walstream.wire.conninfo.ScramKeys;
import org.walstream.wire.message.Authentication;
import org.walstream.wire.message.AuthenticationResponse;
import org.walstream.wire.tls.TlsSession;

/// The client's side of authentication: trust, password, md5, SCRAM-SHA-256.
///
/// Each [Authentication] goes through [#answer]. What the server asks for is held against
/// `require_auth` before anything secret is sent, and a server that offers SCRAM must prove that it
/// knows the password too.
///
/// Counterpart of pg_fe_sendauth(), src/interfaces/libpq/fe-auth.c. One connection attempt, one
/// thread.
public final class ClientAuthentication {

  private final String user;
  private final Optional<String> password;
  private final RequireAuth requireAuth;
  private final ChannelBinding channelBinding;
  private final ScramKeys scramKeys;
  private final Optional<TlsSession> tls;

  private @Nullable ScramClient scram;
  private boolean bound;
  private boolean serverProven;
  private boolean answered;

  /// @param tls the channel's, if it is encrypted
  public ClientAuthentication(
      ConnectionSettings settings, ConnectionHost host, Optional<TlsSession> tls) {
    this.user = settings.user();
    this.password = host.password();
    this.requireAuth = settings.requireAuth();
    this.channelBinding = settings.channelBinding();
    this.scramKeys = settings.scramKeys();
    this.tls = tls;
  }

  /// @return what to send; empty when nothing is to be sent, and after [Authentication.Ok]
  /// @throws AuthenticationException in libpq's words
  public Optional<AuthenticationResponse> answer(Authentication step)
      throws AuthenticationException {
    return switch (step) {
      case Authentication.Ok() -> {
        completed();
        yield Optional.empty();
      }
      case Authentication.CleartextPassword() -> {
        allow(Method.PASSWORD);
        yield Optional.of(AuthenticationResponse.password(password()));
      }
      case Authentication.Md5Password(int salt) -> {
        allow(Method.MD5);
        String stored = Md5Password.stored(user, password());
        yield Optional.of(AuthenticationResponse.password(Md5Password.answer(stored, salt)));
      }
      case Authentication.Sasl(var mechanisms) -> Optional.of(begin(mechanisms));
      case Authentication.SaslContinue(String data) -> Optional.of(prove(data));
      case Authentication.SaslFinal(String data) -> {
        checkServer(data);
        yield Optional.empty();
      }
      case Authentication.Unsupported(int method) -> throw unsupported(method);
    };
  }

  private void completed() throws AuthenticationException {
    if (scram != null && !serverProven) {
      throw new AuthenticationException("server did not complete authentication");
    }
    if (!answered && !requireAuth.allows(Method.NONE)) {
      throw new AuthenticationException(requireAuth.refusal(Method.NONE));
    }
    if (channelBinding == ChannelBinding.REQUIRE && !bound) {
      throw new AuthenticationException(
          "channel binding required, but server authenticated client without channel binding");
    }
  }

  private void allow(Method method) throws AuthenticationException {
    if (!requireAuth.allows(method)) {
      throw new AuthenticationException(requireAuth.refusal(method));
    }
    if (channelBinding == ChannelBinding.REQUIRE && method != Method.SCRAM_SHA_256) {
      throw new AuthenticationException(
          "channel binding required but not supported by server's authentication request");
    }
    answered = true;
  }

  private String password() throws AuthenticationException {
    return password.orElseThrow(AuthenticationException::noPassword);
  }

  private AuthenticationResponse begin(List<String> mechanisms) throws AuthenticationException {
    if (scram != null) {
      throw new AuthenticationException("duplicate SASL authentication request");
    }
    allow(Method.SCRAM_SHA_256);
    if (channelBinding == ChannelBinding.REQUIRE && tls.isEmpty()) {
      throw new AuthenticationException("channel binding required, but SSL not in use");
    }
    boolean offered = mechanisms.contains(ScramHash.MECHANISM_PLUS);
    if (offered && tls.isEmpty()) { // somebody between us has taken TLS away
      throw new AuthenticationException(
          "server offered SCRAM-SHA-256-PLUS authentication over a non-SSL connection");
    }
    bound = offered && channelBinding != ChannelBinding.DISABLE;
    if (!bound && !mechanisms.contains(ScramHash.MECHANISM)) {
      throw new AuthenticationException(
          "none of the server's SASL authentication mechanisms are supported");
    }
    if (!bound && channelBinding == ChannelBinding.REQUIRE) {
      throw new AuthenticationException(
          "channel binding is required, but server did not offer an authentication method that"
              + " supports channel binding");
    }
    var client =
        new ScramClient(
            scramKeys.clientKey().isPresent() ? password : Optional.of(password()),
            scramKeys,
            binding());
    scram = client;
    return AuthenticationResponse.saslInitial(
        bound ? ScramHash.MECHANISM_PLUS : ScramHash.MECHANISM, bytes(client.first()));
  }

  private ScramClient.Binding binding() throws AuthenticationException {
    if (!bound) {
      return channelBinding != ChannelBinding.DISABLE && tls.isPresent()
          ? ScramClient.Binding.NOT_OFFERED
          : ScramClient.Binding.UNWANTED;
    }
    return tls.flatMap(TlsSession::endPoint)
        .map(ScramClient.Binding::to)
        .orElseThrow(() ->
            new AuthenticationException(
                "could not determine server certificate signature algorithm"));
  }

  private AuthenticationResponse prove(String data) throws AuthenticationException {
    return AuthenticationResponse.sasl(bytes(begun().last(data)));
  }

  private void checkServer(String data) throws AuthenticationException {
    begun().verify(data);
    serverProven = true;
  }

  private ScramClient begun() throws AuthenticationException {
    if (scram == null) {
      throw new AuthenticationException("invalid SASL authentication: no mechanism was chosen");
    }
    return scram;
  }

  private AuthenticationException unsupported(int method) {
    return new AuthenticationException(
        switch (method) {
          case 7 ->
              requireAuth.allows(Method.GSS)
                  ? "GSSAPI authentication not supported"
                  : requireAuth.refusal(Method.GSS);
          case 9 ->
              requireAuth.allows(Method.SSPI)
                  ? "SSPI authentication not supported"
                  : requireAuth.refusal(Method.SSPI);
          default -> "authentication method %d not supported".formatted(method);
        });
  }

  private static byte[] bytes(String message) {
    return message.getBytes(StandardCharsets.UTF_8);
  }
}
