package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.tls.CertificateAuthority;

/// What clients do who are not libpq: bytes where they should not be, TLS where nobody asked for
/// it.
@Timeout(600)
class StrangersOverTlsTest {

  private static final int SSL_REQUEST = 80877103;
  private static final int PROTOCOL_3_0 = 3 << 16;

  private ScratchDirectory scratch;
  private Relay node;

  @BeforeEach
  void start() throws Exception {
    scratch = ScratchDirectory.create("tls");
    var server = CertificateAuthority.in(scratch.path(), "root").certificate("CN=x").issue("x");
    node =
        Relay.of("host=127.0.0.1 port=1")
            .set("ssl", "on")
            .set("ssl_cert_file", server.file().toString())
            .set("ssl_key_file", server.key().toString())
            .startAlone();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    scratch.close();
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
    socket.setSoTimeout(120_000);
    return socket;
  }

  private static byte[] packet(int code, String rest) {
    byte[] text = rest.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(8 + text.length)
        .putInt(8 + text.length)
        .putInt(code)
        .put(text)
        .array();
  }

  /// An engine that believes everybody.
  private SSLSocket tls(Socket over, String... protocols) throws Exception {
    var anybody =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {anybody}, null);
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(over, "127.0.0.1", node.port(), true);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    return socket;
  }

  @Test
  void tlsAtOnceIsServedWithItsProtocolNamed() throws Exception {
    try (var socket = tls(connect(), "postgresql")) {
      socket.getOutputStream().write(packet(PROTOCOL_3_0, "user\0postgres\0database\0d\0\0"));
      assertThat(socket.getInputStream().read()).isEqualTo('R');
      assertThat(socket.getApplicationProtocol()).isEqualTo("postgresql");
    }
  }

  @Test
  void tlsAtOnceWithoutItsProtocolNamedIsClosedWithoutAWord() throws Exception {
    try (var socket = tls(connect())) {
      socket.startHandshake();
      assertThat(readToEnd(socket)).isEmpty();
    }
  }

  @Test
  void anotherProtocolIsRefused() throws Exception {
    try (var socket = tls(connect(), "http/1.1")) {
      assertThatThrownBy(socket::startHandshake)
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("no_application_protocol");
    }
  }

  @Test
  void bytesInClearBehindARequestForTlsAreNotTakenIn() throws Exception {
    try (var socket = connect()) {
      var both = ByteBuffer.allocate(100);
      both.put(packet(SSL_REQUEST, "")).put(packet(PROTOCOL_3_0, "user\0postgres\0\0"));
      socket.getOutputStream().write(both.array(), 0, both.position());
      assertThat(readToEnd(socket))
          .contains("08P01")
          .contains("received unencrypted data after SSL request");
    }
  }

  @Test
  void handshakeThatDoesNotEndIsCut() throws Exception {
    node.stop();
    node.set("authentication_timeout", "4s").startAlone();
    try (var socket = connect();
        var silent = connect()) {
      socket.getOutputStream().write(packet(SSL_REQUEST, ""));
      assertThat(socket.getInputStream().read()).isEqualTo('S');
      socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0}); // the rest never comes
      assertThat(readToEnd(socket)).isEmpty();
      silent.getOutputStream().write(22);
      assertThat(readToEnd(silent)).isEmpty();
    }
  }

  /// A cancel request over TLS, as new libpqs send it, ends without a word.
  @Test
  void cancelRequestMayComeOverTls() throws Exception {
    try (var raw = connect()) {
      raw.getOutputStream().write(packet(SSL_REQUEST, ""));
      assertThat(raw.getInputStream().read()).isEqualTo('S');
      try (var socket = tls(raw, "postgresql")) {
        socket.getOutputStream().write(packet(80877102, "\0\0\0\1key!"));
        assertThat(readToEnd(socket)).isEmpty();
      }
    }
  }

  private static String readToEnd(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server does not close", e);
    } catch (IOException reset) {
      return ""; // closed with something of ours unread
    }
  }
}
