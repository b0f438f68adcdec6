package org.walstream.wire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramServerTest {

  private static final ScramServer.Binding NONE = ScramServer.Binding.NONE;

  private static ScramClient client(String password) {
    return ScramClient.builder()
        .advertisedMechanisms(List.of("SCRAM-SHA-256"))
        .username("*")
        .password(password.toCharArray())
        .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
        .build();
  }

  private static boolean exchange(ScramServer server, String password) throws Exception {
    ScramClient client = client(password);
    client.serverFirstMessage(server.first(bytes(client.clientFirstMessage().toString()), NONE));
    var serverFinal = server.last(bytes(client.clientFinalMessage().toString()));
    if (serverFinal.isPresent()) {
      client.serverFinalMessage(serverFinal.get()); // throws unless our signature is right
    }
    return serverFinal.isPresent();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "pass\u00ADword", "Grüße ☃", " ", "a,b=c"})
  void acceptsTheRightPasswordAndNoOther(String password) throws Exception {
    var secret = ScramSecret.parse(ScramSecret.of(password).format()).orElseThrow();
    assertThat(exchange(ScramServer.forSecret(secret), password)).isTrue();
    assertThat(exchange(ScramServer.forSecret(secret), password + "x")).isFalse();
    assertThat(secret.matches(password)).isTrue();
    assertThat(secret.matches(password + "x")).isFalse();
  }

  @Test
  void bindsTheChannelAsOthersDo() throws Exception {
    byte[] endPoint = {1, 2, 3, -1};
    var binding = new ScramServer.Binding(Optional.of(endPoint), true);
    assertThat(boundExchange(endPoint, binding)).isTrue();
    assertThatThrownBy(() -> boundExchange(new byte[] {1, 2, 3}, binding))
        .isInstanceOf(ChannelBindingException.class)
        .hasMessage("SCRAM channel binding check failed");
  }

  private static boolean boundExchange(byte[] seen, ScramServer.Binding binding) throws Exception {
    ScramClient client =
        ScramClient.builder()
            .advertisedMechanisms(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"))
            .username("*")
            .password("secret".toCharArray())
            .channelBinding("tls-server-end-point", seen)
            .build();
    assertThat(client.getScramMechanism().getName()).isEqualTo("SCRAM-SHA-256-PLUS");
    var server = ScramServer.forSecret(ScramSecret.of("secret"));
    client.serverFirstMessage(server.first(bytes(client.clientFirstMessage().toString()), binding));
    var serverFinal = server.last(bytes(client.clientFinalMessage().toString()));
    if (serverFinal.isPresent()) {
      client.serverFinalMessage(serverFinal.get());
    }
    return serverFinal.isPresent();
  }

  @Test
  void aUserWhoDoesNotExistSeesTheSameExchangeAndFails() throws Exception {
    assertThat(exchange(ScramServer.doomed("node" + "nobody"), "secret")).isFalse();
    String once = ScramServer.doomed("s").first(bytes("n,,n=,r=abc"), NONE);
    String again = ScramServer.doomed("s").first(bytes("n,,n=,r=abc"), NONE);
    assertThat(once.replaceAll(".*,s=", "")).isEqualTo(again.replaceAll(".*,s=", ""));
  }

  @Test
  void readsTheSecretsPostgresStores() {
    // CREATE ROLE x PASSWORD 'secret', as pg_authid shows it
    assertThat(
            ScramSecret.parse(
                "SCRAM-SHA-256$4096:c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
        .isPresent();
    for (String bad :
        List.of(
            "",
            "md5abc",
            "SCRAM-SHA-256$0:AA==$AA==:AA==",
            "SCRAM-SHA-256$4096:!$AA==:AA==",
            "SCRAM-SHA-256$4096:AA==$AA==:AA==")) {
      assertThat(ScramSecret.parse(bad)).as(bad).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "p=tls-server-end-point,,n=,r=x", "n,,n=,r=", "x,,n=,r=abc", "n,,r=abc"})
  void refusesMalformedFirstMessages(String message) {
    assertThatThrownBy(() -> ScramServer.forSecret(ScramSecret.of("x")).first(bytes(message), NONE))
        .isInstanceOf(AuthenticationException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void neverFailsWithAnythingButItsDeclaredError(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] message = new byte[random.nextInt(60)];
      String alphabet = "n,cr=pbiws+/abc\0é";
      for (int j = 0; j < message.length; j++) {
        message[j] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      var server = ScramServer.doomed("x");
      try {
        server.first(random.nextBoolean() ? bytes("n,,n=,r=abc") : message, NONE);
        assertThat(server.last(message)).as("seed %d", seed).isEmpty();
      } catch (AuthenticationException expected) {
        assertThat(expected).hasMessageContaining("SCRAM");
      }
    }
  }
}
