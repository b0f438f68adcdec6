package org.walstream.wire.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.tls.CertificateAuthority;
import org.walstream.testkit.tls.IssuedCertificate;
import org.walstream.testkit.tls.KeyForm;
import org.walstream.wire.TlsVersions;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.KeepaliveOptions;
import org.walstream.wire.transport.SocketTransport;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.Transport;

/// Both ends of ours, over a real socket; either end against OpenSSL is for integration tests.
@org.junit.jupiter.api.Timeout(600)
class TlsTransportTest {

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init") // before each test
  private CertificateAuthority authority;

  @SuppressWarnings("NullAway.Init")
  private IssuedCertificate server;

  private static final class Pair implements AutoCloseable {
    final Transport client;
    final Transport server;

    Pair() throws IOException {
      try (var listener = ServerSocketChannel.open()) {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client =
            SocketTransport.connect(
                listener.getLocalAddress(),
                Duration.ZERO,
                KeepaliveOptions.SYSTEM_DEFAULT,
                new StopSignal());
        server = SocketTransport.over(listener.accept(), KeepaliveOptions.SYSTEM_DEFAULT);
      }
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  private ServerTls serverTls(Optional<Path> roots, Optional<Path> revoked, TlsVersions versions)
      throws IOException {
    if (server == null) {
      authority = CertificateAuthority.in(directory, "root");
      server = authority.certificate("CN=localhost").dns("localhost").issue("server");
    }
    return ServerTls.load(
        new ServerTls.Files(
            server.file(),
            server.key(),
            roots,
            revoked,
            Optional.empty(),
            Optional.empty(),
            versions));
  }

  private ServerTls serverTls() throws IOException {
    return serverTls(Optional.empty(), Optional.empty(), TlsVersions.DEFAULT);
  }

  private ClientTls clientTls(String conninfo) throws IOException {
    var environment = new LibpqEnvironment(Map.of(), "os", directory, warning -> {});
    var settings =
        ConnectionSettings.of(
            ConnInfo.parse("host=localhost sslmode=require " + conninfo), environment);
    return ClientTls.load(settings.tls(), "localhost");
  }

  /// On a thread of its own: tasks here wait for each other.
  private static <T> CompletableFuture<T> async(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, run -> Thread.ofPlatform().daemon().start(run));
  }

  private record Secured(TlsTransport client, TlsTransport server) {}

  private static Secured shakeHands(Pair pair, ClientTls client, ServerTls server)
      throws IOException {
    var accepted =
        async(() -> {
          try {
            return server.accept(pair.server, ByteBuffer.allocate(0));
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        });
    TlsTransport connected = client.connect(pair.client);
    return new Secured(connected, accepted.join());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothSidesKnowTheSame(String version) throws Exception {
    try (var pair = new Pair()) {
      Secured secured =
          shakeHands(pair, clientTls("ssl_max_protocol_version=" + version), serverTls());
      TlsSession here = secured.client.session();
      TlsSession there = secured.server.session();
      assertThat(here.version()).isEqualTo(version);
      assertThat(there.version()).isEqualTo(version);
      assertThat(here.cipher()).isEqualTo(there.cipher());
      assertThat(here.bits()).isGreaterThanOrEqualTo(128);
      assertThat(here.applicationProtocol()).isEqualTo("postgresql");
      assertThat(there.applicationProtocol()).isEqualTo("postgresql");
      assertThat(there.client()).isEmpty();
      assertThat(here.endPoint().orElseThrow()).isEqualTo(there.endPoint().orElseThrow());
    }
  }

  /// Noise both ways at once, read in pieces of every size: what a record has too much waits.
  @ParameterizedTest
  @CsvSource({"TLSv1.3, 1", "TLSv1.3, 2", "TLSv1.2, 3"})
  void bytesArriveInOrderWhateverTheBuffers(String version, long seed) throws Exception {
    try (var pair = new Pair()) {
      Secured secured =
          shakeHands(pair, clientTls("ssl_max_protocol_version=" + version), serverTls());
      int total = 20 << 20;
      var sums =
          new CompletableFuture<?>[] {
            async(() -> write(secured.client, total, seed)),
            async(() -> read(secured.server, total, seed + 10)),
            async(() -> write(secured.server, total, seed + 20)),
            async(() -> read(secured.client, total, seed + 30))
          };
      CompletableFuture.allOf(sums).join();
      assertThat(sums[1].join()).isEqualTo(sums[0].join());
      assertThat(sums[3].join()).isEqualTo(sums[2].join());
    }
  }

  private static long write(Transport transport, int total, long seed) {
    var random = new SplittableRandom(seed);
    var sum = new CRC32C();
    int left = total;
    try {
      while (left > 0) {
        byte[] header = new byte[Math.min(left, random.nextInt(1, 40))];
        random.nextBytes(header);
        left -= header.length;
        byte[] body = new byte[Math.min(left, random.nextInt(0, 200_000))];
        random.nextBytes(body);
        left -= body.length;
        sum.update(header);
        sum.update(body);
        transport.write(
            new ByteBuffer[] {
              ByteBuffer.wrap(header), ByteBuffer.allocateDirect(body.length).put(body).flip()
            });
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    }
    return sum.getValue();
  }

  private static long read(Transport transport, int total, long seed) {
    var random = new SplittableRandom(seed);
    var sum = new CRC32C();
    long left = total;
    var slot = ByteBuffer.allocateDirect(1 << 20);
    var header = ByteBuffer.allocateDirect(30);
    try {
      while (left > 0) {
        slot.clear().limit(random.nextInt(1, 1 << random.nextInt(1, 20)));
        header.clear();
        long count =
            random.nextBoolean()
                ? transport.read(new ByteBuffer[] {slot, header})
                : transport.read(slot);
        assertThat(count).isEqualTo(slot.position() + header.position()).isPositive();
        left -= count;
        sum.update(slot.flip());
        sum.update(header.flip());
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    }
    return sum.getValue();
  }

  @Test
  void endIsToldFromACut() throws Exception {
    try (var pair = new Pair()) {
      Secured secured = shakeHands(pair, clientTls(""), serverTls());
      var buffer = ByteBuffer.allocateDirect(10);
      secured.server.write(ByteBuffer.wrap(new byte[] {1, 2}));
      secured.server.end();
      assertThat(secured.client.read(buffer)).isEqualTo(2);
      assertThat(secured.client.read(buffer)).isEqualTo(-1);
      assertThat(secured.client.read(buffer)).isEqualTo(-1);
      pair.client.close();
      assertThat(secured.server.read(buffer)).isEqualTo(-1);
    }
  }

  @Test
  void changedBytesAreNeverRead() throws Exception {
    try (var pair = new Pair()) {
      Secured secured = shakeHands(pair, clientTls(""), serverTls());
      // A record of application data that nobody of the two has encrypted.
      pair.server.write(ByteBuffer.wrap(new byte[] {23, 3, 3, 0, 20}));
      pair.server.write(ByteBuffer.allocate(20));
      assertThatThrownBy(() -> secured.client.read(ByteBuffer.allocateDirect(100)))
          .isInstanceOf(TlsException.class)
          .hasMessageStartingWith("SSL error: ");
    }
  }

  @Test
  void whatIsNoTlsIsRefused() throws Exception {
    try (var pair = new Pair()) {
      ServerTls tls = serverTls();
      pair.client.write(
          ByteBuffer.wrap(
              "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      assertThatThrownBy(() -> tls.accept(pair.server, ByteBuffer.allocate(0)))
          .isInstanceOf(TlsException.class)
          .hasMessageStartingWith("could not accept SSL connection: ");
    }
  }

  @Test
  void clientsCertificateIsAskedForAndChecked() throws Exception {
    serverTls();
    var trusting = serverTls(Optional.of(authority.file()), Optional.empty(), TlsVersions.DEFAULT);
    IssuedCertificate client = authority.below("middle").certificate("CN=rep,O=w").issue("client");
    try (var pair = new Pair()) {
      Secured secured =
          shakeHands(
              pair,
              clientTls("sslcert=%s sslkey=%s".formatted(client.file(), client.key())),
              trusting);
      assertThat(secured.server.session().client()).contains(client.certificate());
      assertThat(secured.client.session().client()).contains(client.certificate());
    }
    try (var pair = new Pair()) {
      assertThat(shakeHands(pair, clientTls(""), trusting).server.session().client()).isEmpty();
    }
  }

  @Test
  void untrustedExpiredAndRevokedClientsAreRefused() throws Exception {
    serverTls();
    IssuedCertificate revoked = authority.certificate("CN=rep").issue("revoked");
    IssuedCertificate expired = authority.certificate("CN=rep").expired().issue("expired");
    IssuedCertificate stranger =
        CertificateAuthority.in(directory, "other").certificate("CN=rep").issue("stranger");
    IssuedCertificate own = authority.certificate("CN=rep").selfSigned().issue("own");
    IssuedCertificate right = authority.certificate("CN=rep").issue("right");
    var checking =
        serverTls(
            Optional.of(authority.file()),
            Optional.of(authority.revoke(revoked)),
            TlsVersions.DEFAULT);
    assertThat(refusal(right, checking)).isEmpty();
    assertThat(refusal(revoked, checking)).contains("certificate revoked");
    assertThat(refusal(expired, checking)).contains("certificate has expired");
    assertThat(refusal(stranger, checking)).contains("unable to get local issuer certificate");
    assertThat(refusal(own, checking)).contains("self-signed certificate");
  }

  private String refusal(IssuedCertificate certificate, ServerTls tls) throws Exception {
    try (var pair = new Pair()) {
      var client =
          clientTls("sslcert=%s sslkey=%s".formatted(certificate.file(), certificate.key()));
      var said =
          async(() -> {
            try {
              tls.accept(pair.server, ByteBuffer.allocate(0));
              return "";
            } catch (IOException e) {
              return String.valueOf(e.getMessage());
            }
          });
      try {
        client.connect(pair.client);
      } catch (TlsException refused) {
        assertThat(refused).hasMessageContaining("alert");
      }
      return said.join();
    }
  }

  @Test
  void serverThatCannotBeTrustedIsNotTalkedTo() throws Exception {
    serverTls();
    String other = CertificateAuthority.in(directory, "other").file().toString();
    assertThat(complaint("sslmode=verify-ca sslrootcert=" + authority.file())).isEmpty();
    assertThat(complaint("sslmode=verify-full sslrootcert=" + authority.file())).isEmpty();
    assertThat(complaint("sslmode=verify-ca sslrootcert=" + other))
        .isEqualTo("SSL error: certificate verify failed");
    assertThat(complaint("sslrootcert=" + other)) // as in libpq: a root that is there is used
        .isEqualTo("SSL error: certificate verify failed");
    server = authority.certificate("CN=elsewhere").issue("server");
    assertThat(complaint("sslmode=verify-full sslrootcert=" + authority.file()))
        .isEqualTo("server certificate for \"elsewhere\" does not match host name \"localhost\"");
    var revoked = authority.revoke(server);
    assertThat(
            complaint(
                "sslmode=verify-ca sslrootcert=%s sslcrl=%s".formatted(authority.file(), revoked)))
        .isEqualTo("SSL error: certificate verify failed");
    assertThat(complaint("sslcertmode=require"))
        .isEqualTo("server did not request an SSL certificate");
  }

  private String complaint(String conninfo) throws Exception {
    try (var pair = new Pair()) {
      shakeHands(pair, clientTls(conninfo), serverTls());
      return "";
    } catch (TlsException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void versionsMustOverlap() throws Exception {
    var old =
        serverTls(
            Optional.empty(),
            Optional.empty(),
            new TlsVersions(TlsVersions.Version.V1_2, TlsVersions.Version.V1_2));
    try (var pair = new Pair()) {
      assertThatThrownBy(() -> shakeHands(pair, clientTls("ssl_min_protocol_version=TLSv1.3"), old))
          .isInstanceOf(TlsException.class)
          .hasMessageStartingWith("SSL error: tlsv1 alert protocol version\nThis may indicate");
    }
  }

  @Test
  void filesThatAreWrongAreNamed() throws Exception {
    serverTls();
    Path key = server.key();
    java.nio.file.Files.setPosixFilePermissions(
        key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> load(server.file(), key, Optional.empty()))
        .hasMessageStartingWith(
            "private key file \"%s\" has group or world access: File must have".formatted(key));
    assertThatThrownBy(() -> load(server.file(), directory.resolve("none"), Optional.empty()))
        .hasMessage(
            "could not access private key file \"%s\": No such file or directory"
                .formatted(directory.resolve("none")));
    Path none = directory.resolve("none.crt");
    assertThatThrownBy(() -> load(none, server.key(), Optional.empty()))
        .hasMessage(
            "could not load server certificate file \"%s\": No such file or directory"
                .formatted(none));
    Path anothers = authority.certificate("CN=x").issue("x").key();
    assertThatThrownBy(() -> load(server.file(), anothers, Optional.empty()))
        .hasMessage(
            "could not load private key file \"%s\": key values mismatch".formatted(anothers));
    Path locked = server.key(KeyForm.ENCRYPTED_PKCS8, "open");
    var opening = Optional.of(new PassphraseCommand("echo open", false));
    var failing = Optional.of(new PassphraseCommand("exit 3", false));
    var wrong = Optional.of(new PassphraseCommand("echo '%p' 100%%", false));
    load(server.file(), locked, opening);
    assertThatThrownBy(() -> load(server.file(), locked, failing))
        .hasMessage("command \"exit 3\" failed: child process exited with exit code 3");
    assertThatThrownBy(() -> load(server.file(), locked, wrong))
        .hasMessage("could not load private key file \"%s\": bad decrypt".formatted(locked));
    assertThatThrownBy(() -> ServerTls.reload(files(server.file(), locked, opening)))
        .hasMessage(
            "private key file \"%s\" cannot be reloaded because it requires a passphrase"
                .formatted(locked));
    ServerTls.reload(
        files(server.file(), locked, Optional.of(new PassphraseCommand("echo open", true))));
  }

  private static ServerTls load(Path certificate, Path key, Optional<PassphraseCommand> passphrase)
      throws TlsException {
    return ServerTls.load(files(certificate, key, passphrase));
  }

  private static ServerTls.Files files(
      Path certificate, Path key, Optional<PassphraseCommand> passphrase) {
    return new ServerTls.Files(
        certificate,
        key,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        passphrase,
        TlsVersions.DEFAULT);
  }
}
