package org.walstream.send.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;

/// What is wrong with a line, in the words of a real PostgreSQL 18, whose `pg_hba_file_rules` and
/// `pg_ident_file_mappings` read the files anew each time they are asked. (Of `cert
/// clientcert=verify-ca` the view says something else than the log; ours is the log's.)
@Timeout(600)
class HbaErrorsIT {

  private static final String GOOD = "host all postgres 127.0.0.1/32 trust\n";

  private static PostgresServer server;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    server = PostgresServer.builder(18).setting("ssl", "off").start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hist all all all trust",
        "local,host all all trust",
        "local",
        "local all",
        "local \"all all trust",
        "local all all",
        "host all",
        "host all all",
        "host all all 127.0.0.1",
        "host all all all",
        "host all all 10.0.0.0/33 trust",
        "host all all 10.0.0.0/ trust",
        "host all all ::1/129 trust",
        "host all all ::1 255.0.0.0 trust",
        "host all all 10.0.0.1,10.0.0.2 trust",
        "host all all 10.0.0.0 255.0.0.0,1.1.1.1 trust",
        "host all all h.example/8 trust",
        "local all all trust,md5",
        "local all all magic",
        "local all all sspi",
        "local all all bsd",
        "local all all cert",
        "host all all all cert",
        "hostnossl all all all cert",
        "host all all all peer",
        "local all all trust clientcert=verify-ca",
        "host all all all trust clientname=CN",
        "hostssl all all all trust clientname",
        "hostssl all all all trust map=x",
        "local all all scram-sha-256 map=x",
        "hostssl all all all trust ldapserver=x",
        "hostssl all all all trust pamservice=x",
        "hostssl all all all trust radiusservers=x",
        "hostssl all all all trust include_realm=1",
        "hostssl all all all trust compat_realm=1",
        "hostssl all all all trust issuer=x",
        "hostssl all all all trust x=y",
        "local all all trust x",
        "local /( all trust",
        "local all /[a trust"
      })
  void wrongRulesAreNamedAsPostgresNamesThem(String line) throws Exception {
    Files.writeString(directory.resolve("pg_hba.conf"), GOOD + line + "\n");
    server.install("pg_hba.conf", (GOOD + line + "\n").getBytes(StandardCharsets.UTF_8));
    String theirs =
        server.sql("SELECT error FROM pg_hba_file_rules WHERE error IS NOT NULL LIMIT 1");
    assertThat(ours(() -> HbaFile.read(directory.resolve("pg_hba.conf"))))
        .isEqualTo(withoutReason(theirs));
  }

  @ParameterizedTest
  @ValueSource(strings = {"m", "m x", "m x,y u", "m,n x u", "m x u,v", "m /( u", "m x /("})
  void wrongMappingsAreNamedAsPostgresNamesThem(String line) throws Exception {
    Files.writeString(directory.resolve("pg_ident.conf"), line + "\n");
    server.install("pg_ident.conf", (line + "\n").getBytes(StandardCharsets.UTF_8));
    String theirs =
        server.sql("SELECT error FROM pg_ident_file_mappings WHERE error IS NOT NULL LIMIT 1");
    assertThat(ours(() -> IdentFile.read(directory.resolve("pg_ident.conf"))))
        .isEqualTo(withoutReason(theirs));
  }

  private interface Reading {
    Object read() throws HbaException;
  }

  private static String ours(Reading reading) {
    try {
      return "nothing wrong: " + reading.read();
    } catch (HbaException e) {
      return withoutReason(String.valueOf(e.getMessage()).replaceFirst(" \\(line .*", ""));
    }
  }

  /// Why an expression is none is said by either's own engine.
  private static String withoutReason(String message) {
    return message.startsWith("invalid regular expression")
        ? message.replaceFirst(": [^:]*$", "")
        : message;
  }
}
