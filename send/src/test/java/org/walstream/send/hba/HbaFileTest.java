package org.walstream.send.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HbaFileTest {

  @TempDir Path directory;

  @Test
  void firstRuleThatFitsDecides() throws Exception {
    var hba =
        read(
            """
            # comment
            local   all           all                        trust
            host    replication   rep   10.1.0.0/16          reject   # not from there
            host    replication   rep   10.0.0.0/8           scram-sha-256
            host    all           all   samehost             md5
            """);
    assertThat(method(hba, "10.1.2.3", "rep", true)).contains(HbaMethod.REJECT);
    assertThat(method(hba, "10.2.2.3", "rep", true)).contains(HbaMethod.SCRAM_SHA_256);
    assertThat(method(hba, "11.2.2.3", "rep", true)).isEmpty();
    assertThat(method(hba, null, "anyone", false)).contains(HbaMethod.TRUST);
    assertThat(method(hba, "127.0.0.1", "rep", false)).contains(HbaMethod.MD5);
  }

  @Test
  void allDoesNotMeanReplication() throws Exception {
    var hba = read("host all all all trust\n");
    assertThat(method(hba, "127.0.0.1", "rep", true)).isEmpty();
    assertThat(method(hba, "127.0.0.1", "rep", false)).contains(HbaMethod.TRUST);
  }

  @Test
  void quotedKeywordsAreNames() throws Exception {
    var hba = read("local \"all\",\"replication\",\"my db\" \"all\" trust\n");
    assertThat(hba.find(new Connection(Optional.empty(), "all", "replication", false))).isPresent();
    assertThat(hba.find(new Connection(Optional.empty(), "all", "my db", false))).isPresent();
    assertThat(hba.find(new Connection(Optional.empty(), "all", "all", true))).isEmpty();
    assertThat(hba.find(new Connection(Optional.empty(), "rep", "all", false))).isEmpty();
  }

  @Test
  void listsSameUserAndExpressionsMatch() throws Exception {
    var hba =
        read(
            """
            local sameuser      all             trust
            local a, b          x,/^rep[0-9]+$  md5
            """);
    assertThat(local(hba, "u", "u")).contains(HbaMethod.TRUST);
    assertThat(local(hba, "rep12", "b")).contains(HbaMethod.MD5);
    assertThat(local(hba, "x", "a")).contains(HbaMethod.MD5);
    assertThat(local(hba, "rep", "a")).isEmpty();
  }

  @Test
  void twoDoubleQuotesInsideOfTwoAreOne() throws Exception {
    var hba = read("local all \"q\"\"q\",\"\"\"\" trust\n");
    assertThat(local(hba, "q\"q", "d")).contains(HbaMethod.TRUST);
    assertThat(local(hba, "\"", "d")).contains(HbaMethod.TRUST);
    assertThat(local(hba, "qq", "d")).isEmpty();
  }

  @Test
  void posixClassesMatchAndCommentsMayBeInAnyEncoding() throws Exception {
    Path file = directory.resolve("latin1");
    Files.writeString(
        file, "# f\u00fcr alle\nlocal all /^[[:alpha:]]+$ trust\n", StandardCharsets.ISO_8859_1);
    var hba = HbaFile.read(file);
    assertThat(local(hba, "rep", "d")).contains(HbaMethod.TRUST);
    assertThat(local(hba, "rep1", "d")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.128/25, 10.0.0.200, true",
    "10.0.0.128/25, 10.0.0.100, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "0.0.0.0/0, ::1, false",
    "::/0, ::1, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "10.0.0.0 255.255.0.0, 10.0.9.9, true",
    "10.0.0.0 255.255.0.0, 10.1.9.9, false",
    "all, ::1, true",
    "samenet, 127.3.4.5, true",
    "::ffff:127.0.0.1/128, 127.0.0.1, false",
    "::ffff:127.0.0.1/0, ::1, true",
    ".example.invalid, 127.0.0.1, false"
  })
  void addressesMatch(String pattern, String client, boolean matches) throws Exception {
    var hba = read("hostnossl all all " + pattern + " trust\n");
    assertThat(method(hba, client, "u", false).isPresent()).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "host, true, true",
    "hostssl, false, true",
    "hostnossl, true, false",
    "hostgssenc, false, false",
    "hostnogssenc, true, true"
  })
  void typeSaysWithEncryptionOrWithout(String type, boolean inClear, boolean overTls)
      throws Exception {
    var hba = read(type + " all all all trust\n");
    assertThat(hba.find(from("192.0.2.1", "", false)).isPresent()).isEqualTo(inClear);
    assertThat(hba.find(from("192.0.2.1", "", true)).isPresent()).isEqualTo(overTls);
    assertThat(local(hba, "u", "d")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "db.example.com, db.example.com, true",
    "DB.Example.com, db.example.com, true",
    ".example.com, db.example.com, true",
    ".example.com, example.com, false",
    "db.example.com, other.example.com, false",
    "db.example.com, '', false"
  })
  void hostNamesAreTheOnesThatAddressesLeadTo(String pattern, String name, boolean matches)
      throws Exception {
    var hba = read("host all all " + pattern + " trust\n");
    assertThat(hba.find(from("192.0.2.1", name, false)).isPresent()).isEqualTo(matches);
  }

  @Test
  void clientsNameIsLookedUpOnceAndBothWays() throws Exception {
    assertThat(new ClientName(Optional.empty()).get()).isEmpty();
    // An address of a network for documentation has no name.
    assertThat(new ClientName(Optional.of(InetAddress.ofLiteral("192.0.2.1"))).get()).isEmpty();
  }

  @Test
  void membersOfARoleAreMeantByIt() throws Exception {
    var hba = read("local a +pg_monitor trust\nlocal samerole all md5\n");
    assertThat(hba.find(member("a", "u", "pg_monitor"))).isPresent();
    assertThat(hba.find(member("a", "u"))).isEmpty();
    assertThat(hba.find(member("pg_monitor", "u", "pg_monitor")).map(HbaRule::method))
        .contains(HbaMethod.MD5);
    assertThat(hba.find(member("u", "u")).map(HbaRule::method)).contains(HbaMethod.MD5);
  }

  @Test
  void optionsAreRead() throws Exception {
    var hba =
        read(
            """
            local   a  all       ident  map=m
            hostssl a  all  all  cert   clientname=DN map="n"
            hostssl b  all  all  md5    clientcert=verify-ca
            """);
    assertThat(hba.rules().get(0).method()).isEqualTo(HbaMethod.PEER);
    assertThat(hba.rules().get(0).map()).contains("m");
    assertThat(hba.rules().get(1).certificate())
        .isEqualTo(new CertificateCheck(CertificateCheck.Wanted.USERS, CertificateCheck.Name.DN));
    assertThat(hba.rules().get(1).written().options())
        .containsExactly("map=n", "clientcert=verify-full");
    assertThat(hba.rules().get(2).certificate().wanted())
        .isEqualTo(CertificateCheck.Wanted.TRUSTED);
  }

  private static Connection from(String address, String name, boolean encrypted) {
    return new Connection(
        Optional.of(InetAddress.ofLiteral(address)),
        () -> Optional.of(name).filter(n -> !n.isEmpty()),
        encrypted,
        "u",
        Set.of("u"),
        "d",
        false);
  }

  private static Connection member(String database, String user, String... others) {
    var roles = new HashSet<>(Set.of(others));
    roles.add(user);
    return new Connection(Optional.empty(), Optional::empty, false, user, roles, database, false);
  }

  @Test
  void includesAndNameFilesAreFollowed() throws Exception {
    Files.createDirectory(directory.resolve("d"));
    Files.writeString(directory.resolve("d/b.conf"), "local b all md5\n");
    Files.writeString(directory.resolve("d/a.conf"), "local b all trust\n");
    Files.writeString(directory.resolve("d/c.txt"), "nonsense\n");
    Files.writeString(directory.resolve("names"), "x, y\n\"z z\" # more\n");
    Files.writeString(directory.resolve("one.conf"), "local one @names trust\n");
    var hba =
        read(
            "include one.conf\ninclude_if_exists none.conf\ninclude_dir d\nlocal c \\\n all trust\n");
    assertThat(local(hba, "z z", "one")).contains(HbaMethod.TRUST);
    assertThat(local(hba, "u", "one")).isEmpty();
    assertThat(local(hba, "u", "b")).contains(HbaMethod.TRUST);
    assertThat(local(hba, "u", "c")).contains(HbaMethod.TRUST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hist all all all trust | invalid connection type \"hist\"",
        "local | end-of-line before database specification",
        "local all | end-of-line before role specification",
        "local all all | end-of-line before authentication method",
        "host all all | end-of-line before IP address specification",
        "host all all 10.0.0.0/33 trust | invalid CIDR mask in address \"10.0.0.0/33\"",
        "host all all 10.0.0.0 255.0.255.0 trust | invalid IP mask \"255.0.255.0\": its ones are not together",
        "host all all 10.0.0.0 trust | invalid IP mask \"trust\"",
        "host all all ::1 255.0.0.0 trust | IP address and mask do not match",
        "host all all h.example/8 trust | specifying both host name and CIDR mask is invalid: \"h.example/8\"",
        "host all all all peer | peer authentication is only supported on local sockets",
        "host all all all cert | cert authentication is only supported on hostssl connections",
        "hostssl all all all ldap | invalid authentication method \"ldap\": not supported by this build",
        "host all all all ident | invalid authentication method \"ident\": not supported by this build",
        "local all all trust clientcert=verify-ca | clientcert can only be configured for \"hostssl\" rows",
        "host all all all trust clientname=CN | clientname can only be configured for \"hostssl\" rows",
        "hostssl all all all cert clientcert=verify-ca | clientcert only accepts \"verify-full\" when using \"cert\" authentication",
        "hostssl all all all trust clientcert=no | invalid value for clientcert: \"no\"",
        "hostssl all all all trust clientname=OU | invalid value for clientname: \"OU\"",
        "hostssl all all all trust clientname | authentication option not in name=value format: clientname",
        "hostssl all all all trust ldapserver=x | authentication option \"ldapserver\" is only valid for authentication methods ldap",
        "hostssl all all all trust x=y | unrecognized authentication option name: \"x\"",
        "local all all magic | invalid authentication method \"magic\"",
        "local all all trust map=x | authentication option \"map\" is only valid for authentication methods ident, peer, gssapi, sspi, cert, and oauth",
        "local all /[[:alfa:]] trust | invalid regular expression \"[[:alfa:]]\": invalid character class",
        "local all /a*+ trust | invalid regular expression \"a*+\": quantifier operand invalid",
        "local all all trust,md5 | multiple values specified for authentication type",
        "local all /( trust | invalid regular expression \"(\": Unclosed group",
        "local \"all all trust | end-of-line before role specification",
        "include | \"include\" takes one file name"
      })
  void whatIsWrongIsNamedWithFileAndLine(String line, String message) {
    assertThatThrownBy(() -> read("# first\n" + line + "\n"))
        .isInstanceOf(HbaException.class)
        .hasMessage(
            "%s (line 2 of configuration file \"%s\")"
                .formatted(message, directory.resolve("pg_hba.conf")));
  }

  @Test
  void missingFilesAndCirclesAreErrors() {
    assertThatThrownBy(() -> HbaFile.read(directory.resolve("nowhere")))
        .hasMessageContaining("No such file or directory");
    assertThatThrownBy(() -> read("include gone.conf\n")).hasMessageContaining("gone.conf");
    assertThatThrownBy(() -> read("include pg_hba.conf\n"))
        .hasMessageContaining("maximum nesting depth exceeded");
    assertThatThrownBy(
            () -> {
              Files.writeString(directory.resolve("self"), "@self\n");
              read("local all @self trust\n");
            })
        .hasMessageContaining("maximum nesting depth exceeded");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void anyTextIsRulesOrAnError(long seed) throws Exception {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String[] pieces = {
      "local",
      "host",
      "all",
      "replication",
      "\"",
      ",",
      " ",
      "\n",
      "#",
      "\\\n",
      "/",
      "/x",
      "10.0.0.0/8",
      "::1",
      "trust",
      "md5",
      "@",
      "é",
      "+",
      "255.0.0.0",
      "\t",
      "samenet"
    };
    for (int i = 0; i < 400; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(40); j > 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
      }
      try {
        read(text.toString())
            .find(new Connection(Optional.of(InetAddress.ofLiteral("::1")), "u", "d", false));
      } catch (HbaException expected) {
        assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
      }
    }
  }

  private HbaFile read(String text) throws IOException, HbaException {
    return HbaFile.read(Files.writeString(directory.resolve("pg_hba.conf"), text));
  }

  private static Optional<HbaMethod> method(
      HbaFile hba, @Nullable String address, String user, boolean replication) {
    return hba.find(
            new Connection(
                Optional.ofNullable(address).map(InetAddress::ofLiteral), user, "db", replication))
        .map(HbaRule::method);
  }

  private static Optional<HbaMethod> local(HbaFile hba, String user, String database) {
    return hba.find(new Connection(Optional.empty(), user, database, false)).map(HbaRule::method);
  }
}
