package org.walstream.wire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.message.Authentication;
import org.walstream.wire.message.AuthenticationResponse;

class ClientAuthenticationTest {

  private static ClientAuthentication with(String conninfo) {
    var environment =
        new LibpqEnvironment(
            java.util.Map.of(), "os", java.nio.file.Path.of("/nonexistent"), warning -> {});
    var settings = ConnectionSettings.of(ConnInfo.parse("host=h " + conninfo), environment);
    return new ClientAuthentication(settings, settings.hosts().getFirst(), Optional.empty());
  }

  @Test
  void trustNeedsNoAnswer() throws Exception {
    assertThat(with("").answer(new Authentication.Ok())).isEmpty();
  }

  @Test
  void md5IsAnsweredAsPostgresWantsIt() throws Exception {
    // SELECT 'md5' || md5(md5('secret' || 'rep') || '\x01020304'::bytea), by hand
    assertThat(Md5Password.stored("rep", "secret"))
        .isEqualTo("md5" + md5Hex("secretrep".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    var answer =
        with("user=rep password=secret").answer(new Authentication.Md5Password(0x01020304));
    byte[] salted = new byte[36];
    System.arraycopy(
        Md5Password.stored("rep", "secret")
            .substring(3)
            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
        0,
        salted,
        0,
        32);
    salted[32] = 1;
    salted[33] = 2;
    salted[34] = 3;
    salted[35] = 4;
    assertThat(answer).contains(AuthenticationResponse.password("md5" + md5Hex(salted)));
  }

  @Test
  void requireAuthStopsBeforeAnythingSecretIsSent() {
    assertThatThrownBy(() ->
            with("password=p require_auth=scram-sha-256")
                .answer(new Authentication.CleartextPassword()))
        .isInstanceOf(AuthenticationException.class)
        .hasMessage(
            "authentication method requirement \"scram-sha-256\" failed: server requested a"
                + " cleartext password");
    assertThatThrownBy(() -> with("require_auth=!none").answer(new Authentication.Ok()))
        .hasMessage(
            "authentication method requirement \"!none\" failed: server did not complete"
                + " authentication");
  }

  @Test
  void missingPasswordIsSaidInLibpqsWords() {
    assertThatThrownBy(() -> with("").answer(new Authentication.CleartextPassword()))
        .hasMessage("fe_sendauth: no password supplied");
  }

  @Test
  void channelBindingCannotBeHadInClear() {
    assertThatThrownBy(() ->
            with("password=p channel_binding=require")
                .answer(new Authentication.Sasl(List.of("SCRAM-SHA-256"))))
        .hasMessage("channel binding required, but SSL not in use");
  }

  @Test
  void serverThatSkipsItsOwnProofIsNotBelieved() throws Exception {
    var client = with("password=p");
    assertThat(client.answer(new Authentication.Sasl(List.of("SCRAM-SHA-256")))).isPresent();
    assertThatThrownBy(() -> client.answer(new Authentication.Ok()))
        .hasMessage("server did not complete authentication");
  }

  @Test
  void nonsenseFromTheServerIsAnErrorNotACrash() throws Exception {
    assertThatThrownBy(() -> with("password=p").answer(new Authentication.SaslContinue("x")))
        .isInstanceOf(AuthenticationException.class);
    var client = with("password=p");
    Optional<AuthenticationResponse> first =
        client.answer(new Authentication.Sasl(List.of("SCRAM-SHA-256", "OTHER")));
    assertThat(first.orElseThrow().asSaslInitial().mechanism()).isEqualTo("SCRAM-SHA-256");
    assertThatThrownBy(() -> client.answer(new Authentication.SaslContinue("r=bad")))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageStartingWith("malformed SCRAM message");
    assertThatThrownBy(() -> with("").answer(new Authentication.Unsupported(7)))
        .hasMessage("GSSAPI authentication not supported");
    assertThatThrownBy(
            () -> with("password=p").answer(new Authentication.Sasl(List.of("OAUTHBEARER"))))
        .hasMessage("none of the server's SASL authentication mechanisms are supported");
  }

  private static String md5Hex(byte[] bytes) throws Exception {
    return java.util.HexFormat.of()
        .formatHex(java.security.MessageDigest.getInstance("MD5").digest(bytes));
  }
}
