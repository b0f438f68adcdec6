package org.walstream.wire.conninfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.wire.ByteText;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.transport.KeepaliveOptions;

class ConnectionSettingsTest {

  private final List<String> warnings = new ArrayList<>();

  @TempDir private Path home;

  static LibpqEnvironment nothingAround() {
    return new LibpqEnvironment(Map.of(), "os-user", Path.of("/nonexistent"), warning -> {});
  }

  private LibpqEnvironment around(Map<String, String> variables) {
    return new LibpqEnvironment(variables, "os-user", home, warnings::add);
  }

  private static ConnectionSettings settings(String conninfo) {
    return ConnectionSettings.of(ConnInfo.parse(conninfo), nothingAround());
  }

  @Test
  void defaultsAreLibpqs() {
    var settings = settings("host=h");
    assertThat(settings.hosts()).hasToString("[h:5432]");
    assertThat(settings.user()).isEqualTo("os-user");
    assertThat(settings.database()).isEqualTo("os-user");
    assertThat(settings.connectTimeout()).isZero();
    assertThat(settings.keepalive()).isEqualTo(KeepaliveOptions.SYSTEM_DEFAULT);
    assertThat(settings.targetSessionAttrs()).isEqualTo(TargetSessionAttrs.ANY);
    assertThat(settings.maxProtocolVersion()).isEqualTo(ProtocolVersion.V3_0);
  }

  @Test
  void withoutAHostTheUnixSocketIsMeant() {
    assertThat(settings("port=59999").hosts().getFirst().isUnixSocket()).isTrue();
  }

  @Test
  void onePortServesAllHosts() {
    assertThat(settings("host=a,/tmp,b port=7").hosts()).hasToString("[a:7, /tmp/.s.PGSQL.7, b:7]");
    assertThat(settings("host=a,b port=7,").hosts()).hasToString("[a:7, b:5432]");
  }

  @Test
  void explicitBeatsServiceBeatsVariableBeatsDefault() throws IOException {
    Files.writeString(
        home.resolve(".pg_service.conf"),
        """
        # ours
        [other]
        host=wrong
        [mine]
        host=from-service
        user=from-service
        [last]
        """);
    var variables =
        Map.of("PGSERVICE", "mine", "PGUSER", "from-variable", "PGPORT", "77", "PGAPPNAME", "app");
    var settings =
        ConnectionSettings.of(
            ConnInfo.parse("user=explicit fallback_application_name=fallback"), around(variables));
    assertThat(settings.user()).isEqualTo("explicit");
    assertThat(settings.hosts()).hasToString("[from-service:77]");
    assertThat(settings.applicationName()).isEqualTo("app");
  }

  @Test
  void serviceFilesAreCheckedInLibpqsWords() throws IOException {
    var file = home.resolve("services");
    Files.writeString(file, "[a]\nservice=b\n[b]\nhost\n[c]\nnonsense=1\n[d]\n");
    var variables = Map.of("PGSERVICEFILE", file.toString());
    assertThatThrownBy(() -> ConnInfo.parse("service=a").completed(around(variables)))
        .hasMessage(
            "nested service specifications not supported in service file \"%s\", line 2", file);
    assertThatThrownBy(() -> ConnInfo.parse("service=b").completed(around(variables)))
        .hasMessage("syntax error in service file \"%s\", line 4", file);
    assertThatThrownBy(() -> ConnInfo.parse("service=c").completed(around(variables)))
        .hasMessage("syntax error in service file \"%s\", line 6", file);
    assertThatThrownBy(() -> ConnInfo.parse("service=e").completed(around(variables)))
        .hasMessage("definition of service \"e\" not found");
    assertThatThrownBy(
            () -> ConnInfo.parse("service=a").completed(around(Map.of("PGSERVICEFILE", "/no/f"))))
        .hasMessage("service file \"/no/f\" not found");
    assertThat(ConnInfo.parse("service=d").completed(around(variables)).has(ConnInfoOption.HOST))
        .isFalse();
  }

  @Test
  void systemServiceFileIsTheSecondChoice() throws IOException {
    var directory = Files.createDirectory(home.resolve("sys"));
    Files.writeString(directory.resolve("pg_service.conf"), "[s]\nhost=system\n");
    var info =
        ConnInfo.parse("service=s").completed(around(Map.of("PGSYSCONFDIR", directory.toString())));
    assertThat(info.get(ConnInfoOption.HOST)).contains("system");
  }

  @Test
  void passwordComesFromTheFirstMatchingLine() throws IOException {
    passFile(
        "rw-------",
        """
        # host:port:db:user:password
        too:few:fields
        a:5432:replication:rep:for-a
        b:*:*:rep:for\\:b\\\\\\:and:colons
        localhost:*:*:*:for-the-socket
        *:*:*:it\\:s:escaped
        """);
    var settings =
        ConnectionSettings.of(
            ConnInfo.parse("host=a,b,/tmp,c dbname=replication user=rep"), around(Map.of()));
    assertThat(settings.hosts())
        .extracting(host -> host.password().orElse("none"))
        .containsExactly("for-a", "for:b\\:and", "for-the-socket", "none");
    assertThat(
            ConnectionSettings.of(ConnInfo.parse("host=z user=it:s"), around(Map.of()))
                .hosts()
                .getFirst()
                .password())
        .contains("escaped");
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "::1:5432:db:u:p|p", // a colon where one is wanted
        "\\:\\:1:5432:db:u:p|p",
        "*:*:*:*:p|p",
        "::1:*:db:u:p:rest|p", // an unescaped colon ends the password
        "::1:5432:db:u:p\\:q\\\\|p:q\\",
        "::1:5432:db:u:|none", // found, and empty: the search is over
        "::1:05432:db:u:p|later",
        "::1:5432:d*:u:p|later",
        "#::1:5432:db:u:p|later",
        "::1:5432:db:u|later",
      })
  void passwordFileIsReadAsLibpqReadsIt(String line, String password) throws IOException {
    passFile("rw-------", line + "\r\n*:*:*:*:later\n");
    var settings =
        ConnectionSettings.of(ConnInfo.parse("host=::1 dbname=db user=u"), around(Map.of()));
    assertThat(settings.hosts().getFirst().password().orElse("none")).isEqualTo(password);
  }

  @Test
  void passwordFileHoldsBytes() throws IOException {
    Path file = passFile("rw-------", "");
    Files.write(file, new byte[] {'*', ':', '*', ':', '*', ':', '*', ':', 'p', (byte) 0xe9, '\n'});
    var settings = ConnectionSettings.of(ConnInfo.parse("host=h"), around(Map.of()));
    String password = settings.hosts().getFirst().password().orElseThrow();
    assertThat(ByteText.bytes(password)).containsExactly('p', 0xe9);
  }

  @Test
  void passwordFileIsNotLookedAtWithoutNeed() {
    ConnectionSettings.of(ConnInfo.parse("host=a password=p passfile=" + home), around(Map.of()));
    ConnectionSettings.of(ConnInfo.parse("host=a passfile=/nonexistent"), around(Map.of()));
    assertThat(warnings).isEmpty();
  }

  @Test
  void homeIsWhereTheVariableSaysOrThePasswdEntry() throws IOException {
    passFile("rw-------", "*:*:*:*:from-home\n");
    var elsewhere = new LocalUser(7, Optional.of("os"), Optional.of(Path.of("/nonexistent")));
    var homeless = new LocalUser(7, Optional.of("os"), Optional.empty());
    var here = new LocalUser(7, Optional.of("os"), Optional.of(home));
    assertThat(passwordOf(Map.of("HOME", home.toString()), elsewhere)).contains("from-home");
    assertThat(passwordOf(Map.of("HOME", "/nonexistent"), here)).isEmpty();
    assertThat(passwordOf(Map.of("HOME", ""), here)).contains("from-home");
    assertThat(passwordOf(Map.of(), here)).contains("from-home");
    assertThat(passwordOf(Map.of(), homeless)).isEmpty();
  }

  private static Optional<String> passwordOf(Map<String, String> variables, LocalUser user) {
    var environment = new LibpqEnvironment(variables, user, warning -> {});
    return ConnectionSettings.of(ConnInfo.parse("host=h"), environment)
        .hosts()
        .getFirst()
        .password();
  }

  @Test
  void userWithoutPasswdEntryMustSayWho() {
    var nobody = new LocalUser(4711, Optional.empty(), Optional.empty());
    var environment = new LibpqEnvironment(Map.of(), nobody, warning -> {});
    for (String conninfo : List.of("host=h", "host=h user=''")) {
      assertThatThrownBy(() -> ConnectionSettings.of(ConnInfo.parse(conninfo), environment))
          .isInstanceOf(ConnInfoException.class)
          .hasMessage("local user with ID 4711 does not exist");
    }
    assertThat(ConnectionSettings.of(ConnInfo.parse("host=h user=u"), environment).user())
        .isEqualTo("u");
  }

  @Test
  void processKnowsItsUser() throws IOException {
    var user = LocalUser.ofProcess();
    var uid = ((Number) Files.getAttribute(Files.createTempFile(home, "", ""), "unix:uid"));
    assertThat(user.id()).isEqualTo(uid.longValue());
    assertThat(LibpqEnvironment.ofProcess(warnings::add).variables())
        .containsExactlyInAnyOrderEntriesOf(System.getenv());
  }

  @Test
  void tlsIsAsTheSurroundingsWantIt() {
    assertThat(tls("", Map.of("PGREQUIRESSL", "1")).mode()).isEqualTo(SslMode.REQUIRE);
    assertThat(tls("", Map.of("PGREQUIRESSL", "1", "PGSSLMODE", "prefer")).mode())
        .isEqualTo(SslMode.PREFER);
    TlsOptions given = tls("sslmode=verify-ca", Map.of("PGSSLROOTCERT", "/r", "PGSSLKEY", "/k"));
    assertThat(given.mode()).isEqualTo(SslMode.VERIFY_CA);
    assertThat(given.rootCertificate()).contains(Path.of("/r"));
    assertThat(given.key()).contains(Path.of("/k"));
    assertThat(given.certificate()).contains(Path.of("/h/.postgresql/postgresql.crt"));
    assertThat(given.revoked()).contains(Path.of("/h/.postgresql/root.crl"));
    assertThat(tls("sslcrldir=/d", Map.of()).revoked()).isEmpty();
    assertThat(tls("sslrootcert=system", Map.of()).mode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(tls("sslpassword=hunter2", Map.of()).toString()).doesNotContain("hunter2");
  }

  private TlsOptions tls(String conninfo, Map<String, String> variables) {
    var withHome = new java.util.HashMap<>(variables);
    withHome.put("HOME", "/h");
    return ConnectionSettings.of(ConnInfo.parse("host=h " + conninfo), around(withHome)).tls();
  }

  @Test
  void newerProtocolIsAskedForByWhoMustHaveIt() {
    assertThat(settings("min_protocol_version=3.2").maxProtocolVersion())
        .isEqualTo(ProtocolVersion.V3_2);
    assertThatThrownBy(() -> settings("min_protocol_version=3.2 max_protocol_version=3.0"))
        .hasMessage("\"min_protocol_version\" is greater than \"max_protocol_version\"");
  }

  @Test
  void passwordFileThatOthersCanReadIsIgnoredWithAWarning() throws IOException {
    var file = passFile("rw-r-----", "*:*:*:*:open-secret\n");
    var settings = ConnectionSettings.of(ConnInfo.parse("host=a"), around(Map.of()));
    assertThat(settings.hosts().getFirst().password()).isEmpty();
    assertThat(warnings)
        .containsExactly(
            "password file \""
                + file
                + "\" has group or world access; permissions should be u=rw (0600) or less");
  }

  @Test
  void passwordFileMustBeAFile() {
    var settings =
        ConnectionSettings.of(ConnInfo.parse("host=a passfile=" + home), around(Map.of()));
    assertThat(settings.hosts().getFirst().password()).isEmpty();
    assertThat(warnings).containsExactly("password file \"" + home + "\" is not a plain file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "port=0|invalid port number: \"0\"",
        "port=65536|invalid port number: \"65536\"",
        "port=x|invalid integer value \"x\" for connection option \"port\"",
        "connect_timeout=5s|invalid integer value \"5s\" for connection option \"connect_timeout\"",
        "keepalives=yes|invalid integer value \"yes\" for connection option \"keepalives\"",
        "host=a,b,c port=1,2|could not match 2 port numbers to 3 hosts",
        "host=a,b hostaddr=::1|could not match 2 host names to 1 hostaddr values",
        "sslmode=maybe|invalid sslmode value: \"maybe\"",
        "sslmode=verify-ca sslrootcert=system|weak sslmode \"verify-ca\" may not be used with sslrootcert=system (use \"verify-full\")",
        "gssencmode=require|gssencmode value \"require\" invalid when GSSAPI support is not compiled in",
        "target_session_attrs=master|invalid target_session_attrs value: \"master\"",
        "load_balance_hosts=1|invalid load_balance_hosts value: \"1\"",
        "channel_binding=x|invalid channel_binding value: \"x\"",
        "max_protocol_version=3.1|invalid max_protocol_version value: \"3.1\"",
        "require_auth=md5,!none|negative require_auth method \"!none\" cannot be mixed with non-negative methods",
        "require_auth=!md5,none|require_auth method \"none\" cannot be mixed with negative methods",
        "require_auth=md5,md5|require_auth method \"md5\" is specified more than once",
        "require_auth=kerberos|invalid require_auth value: \"kerberos\"",
      })
  void refusesBadValuesInLibpqsWords(String conninfo, String message) {
    assertThatThrownBy(() -> settings(conninfo))
        .isInstanceOf(ConnInfoException.class)
        .hasMessage(message);
  }

  @Test
  void requireAuthSaysWhatTheServerDid() {
    var scramOnly = settings("require_auth=scram-sha-256").requireAuth();
    assertThat(scramOnly.allows(RequireAuth.Method.SCRAM_SHA_256)).isTrue();
    assertThat(scramOnly.allows(RequireAuth.Method.NONE)).isFalse();
    assertThat(scramOnly.refusal(RequireAuth.Method.PASSWORD))
        .isEqualTo(
            "authentication method requirement \"scram-sha-256\" failed: server requested a"
                + " cleartext password");
    var notClear = settings("require_auth=!password").requireAuth();
    assertThat(notClear.allows(RequireAuth.Method.PASSWORD)).isFalse();
    assertThat(notClear.allows(RequireAuth.Method.MD5)).isTrue();
  }

  @Test
  void readsTimesAndVersions() {
    var settings =
        settings(
            "connect_timeout=3 keepalives_idle=4 keepalives_interval=5 keepalives_count=6"
                + " max_protocol_version=latest target_session_attrs=read-write sslmode=prefer");
    assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.keepalive()).isEqualTo(new KeepaliveOptions(true, 4, 5, 6));
    assertThat(settings.maxProtocolVersion()).isEqualTo(ProtocolVersion.V3_2);
    assertThat(settings.targetSessionAttrs()).isEqualTo(TargetSessionAttrs.READ_WRITE);
  }

  private Path passFile(String permissions, String text) throws IOException {
    var file = Files.writeString(home.resolve(".pgpass"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
