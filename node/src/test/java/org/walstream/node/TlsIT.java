package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.tls.CertificateAuthority;
import org.walstream.testkit.tls.IssuedCertificate;
import org.walstream.testkit.tls.KeyForm;
import org.walstream.wire.auth.ScramSecret;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.tls.TlsException;

/// TLS at a node, both ends: OpenSSL, in PostgreSQL's servers and in libpq, is at the other.
@Timeout(600)
class TlsIT {

  /// A primary that wants TLS and certificates, a relay that has both, a standby that verifies the
  /// relay: WAL goes through, and every one of the connections is what it should be.
  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void relayStandsBetweenServersThatInsistOnTls(int major) throws Exception {
    try (var scratch = ScratchDirectory.create("tls");
        var primary = primary(major).create()) {
      var authority = CertificateAuthority.in(scratch.path(), "root");
      IssuedCertificate forPrimary = authority.certificate("CN=x").ip("127.0.0.1").issue("primary");
      IssuedCertificate forRelay =
          authority.certificate("CN=relay").ip("127.0.0.1").rsa().issue("relay");
      primary.install("server.crt", Files.readAllBytes(forPrimary.file()));
      primary.install("server.key", Files.readAllBytes(forPrimary.key()));
      primary.install("root.crt", Files.readAllBytes(authority.file()));
      primary.start();
      primary.sql("CREATE ROLE relay LOGIN REPLICATION; CREATE TABLE t (id int)");
      try (var relay =
              Relay.of(
                      "host=127.0.0.1 port=%d user=relay sslmode=verify-full sslrootcert=%s sslcert=%s sslkey=%s"
                          .formatted(
                              primary.port(), authority.file(), forRelay.file(), forRelay.key()))
                  .hba("hostssl replication postgres all trust", "host all postgres all trust")
                  .set("ssl", "on")
                  .set("ssl_cert_file", forRelay.file().toString())
                  .set("ssl_key_file", forRelay.key(KeyForm.TRADITIONAL, "").toString())
                  .startAlone();
          var standby =
              PostgresServer.standbyOf(
                      primary,
                      relay.conninfo()
                          + " sslmode=verify-full sslrootcert="
                          + readable(authority.file()))
                  .start()) {
        primary.sql("INSERT INTO t SELECT generate_series(1, 200000)");
        Relay.awaitReplayed(primary, standby);
        assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("200000");
        assertThat(
                primary.sql(
                    """
                    SELECT s.ssl || ' ' || s.client_dn FROM pg_stat_ssl s
                    JOIN pg_stat_replication USING (pid) WHERE usename = 'relay'
                    """))
            .isEqualTo("true /CN=relay");
        try (PgClient client = Relay.connectTo(relay.conninfo() + " dbname=walstream")) {
          assertThat(
                  client
                      .query(
                          "SELECT s.ssl, s.version FROM pg_stat_ssl s"
                              + " JOIN pg_stat_replication USING (pid)")
                      .text(0, 1))
              .isEqualTo("TLSv1.3");
          client.terminate();
        }
      }
    }
  }

  private static PostgresServerBuilder primary(int major) {
    return Relay.primary(major)
        .setting("ssl", "on")
        .setting("ssl_ca_file", "root.crt")
        .hba(
            "hostssl replication relay all cert",
            "host all,replication postgres all trust",
            "local all all trust");
  }

  /// For servers that run as another user.
  private static Path readable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  /// psql of PostgreSQL 18 and the node: as `sslmode` and the rest want it.
  @Test
  void libpqIsServed() throws Exception {
    Optional<PostgresTools> tools = PostgresTools.forTest(18, "psql");
    assumeTrue(tools.isPresent(), PostgresTools.missing(18, "psql"));
    try (var scratch = ScratchDirectory.create("tls");
        var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo())) {
      var authority = CertificateAuthority.in(scratch.path(), "root");
      IssuedCertificate client = authority.certificate("CN=rep,O=w s").issue("client");
      serverFiles(relay, authority.certificate("CN=localhost").dns("localhost").issue("server"));
      String secret = ScramSecret.of("pw").format();
      relay
          .set("ssl_ca_file", authority.file().toString())
          .hba(
              "host all,replication postgres all trust",
              "hostssl all rep all cert",
              "hostssl all pw all scram-sha-256")
          .users(
              "\"postgres\" \"\" replication monitor",
              "\"rep\" \"\" monitor",
              "\"pw\" \"%s\" monitor".formatted(secret))
          .start();
      String where =
          "host=localhost hostaddr=127.0.0.1 port=%d dbname=walstream sslrootcert=%s "
              .formatted(relay.port(), authority.file());
      String own =
          "SELECT ssl, version, cipher, bits, client_dn, client_serial, issuer_dn"
              + " FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
      String key = "sslcert=%s sslkey=%s ".formatted(client.file(), client.key());
      BigInteger serial = client.certificate().getSerialNumber();
      for (String negotiation : List.of("postgres", "direct")) {
        assertThat(
                psql(
                    tools.get(),
                    where + key + "user=rep sslmode=verify-full sslnegotiation=" + negotiation,
                    own))
            .isEqualTo(
                "t|TLSv1.3|TLS_AES_256_GCM_SHA384|256|/O=w s/CN=rep|%s|/CN=root".formatted(serial));
      }
      assertThat(
              psql(
                  tools.get(),
                  where
                      + "user=pw password=pw channel_binding=require require_auth=scram-sha-256"
                      + " sslmode=require ssl_max_protocol_version=TLSv1.2 sslcertmode=disable",
                  own))
          .startsWith("t|TLSv1.2|ECDHE-ECDSA-AES256-GCM-SHA384|256|");
      assertThat(psql(tools.get(), where + "user=postgres sslmode=disable", own))
          .isEqualTo("f||||||");
      assertThat(
              psql(
                  tools.get(),
                  where.replace("localhost ", "wrong.test ") + "user=postgres sslmode=verify-full",
                  own))
          .contains("server certificate for \"localhost\" does not match host name \"wrong.test\"");
      assertThat(psql(tools.get(), where + "user=rep sslmode=require sslcertmode=disable", own))
          .contains("FATAL:  connection requires a valid client certificate");
    }
  }

  private static void serverFiles(Relay relay, IssuedCertificate certificate) throws IOException {
    relay
        .set("ssl", "on")
        .set("ssl_cert_file", certificate.file().toString())
        .set("ssl_key_file", certificate.key().toString());
  }

  private static String psql(PostgresTools tools, String conninfo, String sql)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(tools.command("psql", "-XAt", "-c", sql, conninfo));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out.strip();
  }

  /// New certificates are for new connections; the old ones go on with what they began with.
  @Test
  void reloadTakesNewCertificatesAndKeepsTheOldOnesIfTheyAreWrong() throws Exception {
    try (var scratch = ScratchDirectory.create("tls");
        var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo())) {
      var authority = CertificateAuthority.in(scratch.path(), "root");
      Path certificate = scratch.path().resolve("node.crt");
      Path key = scratch.path().resolve("node.key");
      put(authority.certificate("CN=first").issue("first"), certificate, key);
      relay
          .set("ssl", "on")
          .set("ssl_cert_file", certificate.toString())
          .set("ssl_key_file", key.toString())
          .users("\"postgres\" \"\" superuser")
          .start();
      String tls = relay.conninfo() + " dbname=walstream sslmode=require";
      try (PgClient old = Relay.connectTo(tls)) {
        assertThat(subject(old)).isEqualTo("CN=first");
        put(authority.certificate("CN=second").issue("second"), certificate, key);
        old.query("SELECT pg_reload_conf()");
        try (PgClient young = Relay.connectTo(tls)) {
          assertThat(subject(young)).isEqualTo("CN=second");
        }
        Files.writeString(key, "nonsense");
        old.query("SELECT pg_reload_conf()");
        try (PgClient young = Relay.connectTo(tls)) {
          assertThat(subject(young)).isEqualTo("CN=second");
        }
        assertThat(old.query("SELECT 1").text(0, 0)).isEqualTo("1");
      }
    }
  }

  private static void put(IssuedCertificate issued, Path certificate, Path key) throws IOException {
    Files.writeString(certificate, Files.readString(issued.file()));
    Files.writeString(key, Files.readString(issued.key()));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  private static String subject(PgClient client) {
    return client.tls().orElseThrow().server().orElseThrow().getSubjectX500Principal().getName();
  }

  /// A real server takes the same file, and the same passphrase command.
  @ParameterizedTest
  @CsvSource({
    "EC, PKCS8", "EC, TRADITIONAL", "EC, ENCRYPTED_PKCS8", "EC, ENCRYPTED_TRADITIONAL",
    "RSA, PKCS8", "RSA, TRADITIONAL", "RSA, ENCRYPTED_PKCS8", "RSA, ENCRYPTED_TRADITIONAL"
  })
  void keysOfEveryFormAreTaken(String algorithm, KeyForm form) throws Exception {
    try (var scratch = ScratchDirectory.create("tls");
        var primary =
            Relay.primary(18)
                .setting("ssl", "on")
                .setting("ssl_passphrase_command", "echo sesame")
                .create()) {
      var request = CertificateAuthority.in(scratch.path(), "root").certificate("CN=127.0.0.1");
      IssuedCertificate issued =
          (algorithm.equals("RSA") ? request.rsa() : request).issue("server");
      primary.install("server.crt", Files.readAllBytes(issued.file()));
      primary.install("server.key", Files.readAllBytes(issued.key(form, "sesame")));
      primary.start();
      try (var relay =
          Relay.of(primary.conninfo() + " sslmode=require")
              .set("ssl", "on")
              .set("ssl_cert_file", issued.file().toString())
              .set("ssl_key_file", issued.key(form, "sesame").toString())
              .set("ssl_passphrase_command", "echo sesame")
              .start()) {
        try (PgClient client = relay.connect("sslmode=require")) {
          assertThat(client.tls()).isPresent();
          client.terminate();
        }
      }
    }
  }

  @Test
  void keyThatOthersMayReadStopsTheStart() throws Exception {
    try (var scratch = ScratchDirectory.create("tls");
        var relay = Relay.of("host=nowhere")) {
      IssuedCertificate issued =
          CertificateAuthority.in(scratch.path(), "root").certificate("CN=x").issue("server");
      serverFiles(relay, issued);
      Path key = issued.key();
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
      assertThatThrownBy(relay::startAlone)
          .isInstanceOf(TlsException.class)
          .hasMessageStartingWith(
              "private key file \"%s\" has group or world access".formatted(key));
    }
  }

  /// sslmode against a server without TLS, and against one that has nothing else for us.
  @Test
  void modesFallBackAsLibpqDoes() throws Exception {
    try (var primary =
            Relay.primary(18)
                .hba("host all,replication postgres all trust", "hostnossl all clear all trust")
                .start();
        var relay = Relay.of(primary.conninfo()).start()) {
      for (String where : List.of(primary.conninfo(), relay.conninfo())) {
        for (String mode : List.of("disable", "allow", "prefer")) {
          try (PgClient client = Relay.connectTo(where + " dbname=postgres sslmode=" + mode)) {
            assertThat(client.tls()).isEmpty();
            client.terminate();
          }
        }
        assertThatThrownBy(() -> Relay.connectTo(where + " sslmode=require"))
            .hasMessageEndingWith("failed: server does not support SSL, but SSL was required");
      }
    }
  }
}
