package org.walstream.wire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.auth.ClientAuthentication;
import org.walstream.wire.auth.Md5Password;
import org.walstream.wire.auth.ScramSecret;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.message.Authentication;
import org.walstream.wire.message.AuthenticationResponse;
import org.walstream.wire.server.ServerAuthentication.Accept;
import org.walstream.wire.server.ServerAuthentication.Ask;
import org.walstream.wire.server.ServerAuthentication.Method;
import org.walstream.wire.server.ServerAuthentication.Refuse;
import org.walstream.wire.server.ServerAuthentication.Step;

class ServerAuthenticationTest {

  private static final String SEED = "node";
  private static final Optional<byte[]> NO_TLS = Optional.empty();

  @Test
  void trustAsksNothing() throws Exception {
    assertThat(new ServerAuthentication(Method.TRUST, "u", Optional.empty(), NO_TLS, SEED).begin())
        .isEqualTo(new Accept(List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PASSWORD", "MD5", "SCRAM_SHA_256"})
  void clientWithTheRightPasswordIsAcceptByEveryMethod(String method) throws Exception {
    var secret = Optional.of(ScramSecret.of("sécret").format());
    assertThat(outcome(Method.valueOf(method), secret, "sécret")).isInstanceOf(Accept.class);
    assertThat(outcome(Method.valueOf(method), secret, "secret")).isInstanceOf(Refuse.class);
    assertThat(outcome(Method.valueOf(method), Optional.empty(), "sécret"))
        .isInstanceOf(Refuse.class);
  }

  @Test
  void md5SecretServesMd5AndPasswordButNotScram() throws Exception {
    var secret = Optional.of(Md5Password.stored("rep", "p"));
    assertThat(outcome(Method.MD5, secret, "p")).isInstanceOf(Accept.class);
    assertThat(outcome(Method.PASSWORD, secret, "p")).isInstanceOf(Accept.class);
    assertThat(outcome(Method.MD5, secret, "q")).isInstanceOf(Refuse.class);
    assertThat(outcome(Method.SCRAM_SHA_256, secret, "p")).isEqualTo(new Refuse());
  }

  @Test
  void unknownUserSeesTheSameSaltEachTime() throws Exception {
    assertThat(saltShownTo("nobody")).isEqualTo(saltShownTo("nobody"));
    assertThat(saltShownTo("nobody")).isNotEqualTo(saltShownTo("no one"));
  }

  @Test
  void emptyPasswordIsNeverRight() throws Exception {
    var server =
        new ServerAuthentication(
            Method.PASSWORD, "rep", Optional.of(ScramSecret.of("p").format()), NO_TLS, SEED);
    server.begin();
    assertThat(server.answer(AuthenticationResponse.password(""))).isEqualTo(new Refuse());
  }

  @Test
  void brokenExchangesAreViolations() {
    for (String first : List.of("", "n,,", "x,,n=,r=abc", "n,,n=,r=", "p=tls-unique,,n=,r=abc")) {
      var server =
          new ServerAuthentication(Method.SCRAM_SHA_256, "u", Optional.empty(), NO_TLS, SEED);
      server.begin();
      assertThatThrownBy(() -> server.answer(initial(first)))
          .as(first)
          .isInstanceOf(ProtocolViolation.class)
          .hasMessageStartingWith("malformed SCRAM message");
    }
    var server =
        new ServerAuthentication(Method.SCRAM_SHA_256, "u", Optional.empty(), NO_TLS, SEED);
    server.begin();
    assertThatThrownBy(
            () -> server.answer(AuthenticationResponse.saslInitial("PLAIN", new byte[] {1})))
        .hasMessage("client selected an invalid SASL authentication mechanism");
  }

  @Test
  void channelBindingIsOfferedOverTlsAndHeld() throws Exception {
    var endPoint = Optional.of(new byte[] {1, 2, 3});
    var server =
        new ServerAuthentication(Method.SCRAM_SHA_256, "u", Optional.empty(), endPoint, SEED);
    assertThat(server.begin())
        .isEqualTo(
            new Ask(new Authentication.Sasl(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"))));
    // Who would have bound the channel has not seen that offer: somebody has taken it away.
    assertThatThrownBy(() -> server.answer(initial("y,,n=,r=abc")))
        .isInstanceOf(ServerError.class)
        .hasMessage("SCRAM channel binding negotiation error");
    var other =
        new ServerAuthentication(Method.SCRAM_SHA_256, "u", Optional.empty(), endPoint, SEED);
    other.begin();
    var ask =
        (Ask)
            other.answer(
                AuthenticationResponse.saslInitial(
                    "SCRAM-SHA-256-PLUS",
                    "p=tls-server-end-point,,n=,r=abc".getBytes(StandardCharsets.UTF_8)));
    String nonce =
        ((Authentication.SaslContinue) ask.question()).data().replaceAll("r=([^,]*),.*", "$1");
    String elsewhere =
        java.util.Base64.getEncoder()
            .encodeToString("p=tls-server-end-point,,xyz".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() ->
            other.answer(
                AuthenticationResponse.sasl(
                    "c=%s,r=%s,p=AAAA"
                        .formatted(elsewhere, nonce)
                        .getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(ServerError.class)
        .hasMessage("SCRAM channel binding check failed");
  }

  @Test
  void answerToAnotherExchangeIsAViolation() throws Exception {
    var server =
        new ServerAuthentication(Method.SCRAM_SHA_256, "u", Optional.empty(), NO_TLS, SEED);
    server.begin();
    server.answer(initial("n,,n=,r=abc"));
    assertThatThrownBy(() ->
            server.answer(
                AuthenticationResponse.sasl(
                    "c=biws,r=abcother,p=AAAA".getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("invalid SCRAM response: nonce does not match");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytesAreAnAnswerOrAViolation(long seed) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String alphabet = "ncpr=,=,abAB/+019y \u0000é";
    for (int i = 0; i < 3_000; i++) {
      var server =
          new ServerAuthentication(Method.SCRAM_SHA_256, "u", Optional.empty(), NO_TLS, SEED);
      server.begin();
      try {
        if (random.nextBoolean()) {
          server.answer(initial("n,,n=,r=abc"));
        }
        for (int step = 0; step < 2; step++) {
          var text = new StringBuilder();
          for (int j = random.nextInt(20); j > 0; j--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
          }
          assertThat(
                  server.answer(
                      random.nextBoolean()
                          ? initial(text.toString())
                          : AuthenticationResponse.sasl(
                              text.toString().getBytes(StandardCharsets.UTF_8))))
              .as("seed %d", seed)
              .isNotInstanceOf(Accept.class);
        }
      } catch (ProtocolViolation | ServerError expected) {
        assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
      }
    }
  }

  private static Step outcome(Method method, Optional<String> secret, String password)
      throws Exception {
    var server = new ServerAuthentication(method, "rep", secret, NO_TLS, SEED);
    var client = client(password);
    Step step = server.begin();
    while (step instanceof Ask(Authentication question)) {
      step = server.answer(client.answer(question).orElseThrow());
    }
    if (step instanceof Accept(var last)) {
      for (Authentication message : last) {
        client.answer(message);
      }
      client.answer(new Authentication.Ok()); // throws if the server has not proven itself
    }
    return step;
  }

  private static ClientAuthentication client(String password) {
    var environment = new LibpqEnvironment(Map.of(), "os", Path.of("/nonexistent"), warning -> {});
    var settings =
        ConnectionSettings.of(ConnInfo.parse("host=h user=rep password=" + password), environment);
    return new ClientAuthentication(settings, settings.hosts().getFirst(), Optional.empty());
  }

  private static String saltShownTo(String user) throws Exception {
    var server =
        new ServerAuthentication(Method.SCRAM_SHA_256, user, Optional.empty(), NO_TLS, SEED);
    server.begin();
    var ask = (Ask) server.answer(initial("n,,n=,r=abc"));
    return ((Authentication.SaslContinue) ask.question()).data().replaceAll("r=[^,]*", "");
  }

  private static AuthenticationResponse initial(String message) {
    return AuthenticationResponse.saslInitial(
        "SCRAM-SHA-256", message.getBytes(StandardCharsets.UTF_8));
  }
}
