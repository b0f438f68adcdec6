package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.testkit.tls.IssuedCertificate;
import org.walstream.wire.PostgresException;
import org.walstream.wire.client.ConnectionException;
import org.walstream.wire.client.PgClient;

/// Who gets in, and what those are told who do not: every case by SQLSTATE and message beside a
/// real PostgreSQL 18 with the same files. The cases are the table of docs/security.md.
@Timeout(600)
class AccessCasesIT {

  /// A rule for each user, as far as possible.
  private static final String HBA =
      """
      host         all          trusted        all           trust
      host         all          nobody         all           trust
      hostssl      all          onlytls        all           scram-sha-256
      hostnossl    all          onlyclear      all           scram-sha-256
      hostgssenc   all          gss            all           trust
      hostnogssenc all          nogss          all           trust
      host         all          rejected       all           reject
      host         replication  rejected       all           reject
      host         replication  repl           all           scram-sha-256
      host         all          allrepl        all           trust
      host         replication  norepl         all           trust
      host         all          scram,expired,nopw,unknown,md5secret all scram-sha-256
      host         all          md5            all           md5
      host         all          md5scram       all           md5
      host         all          plain          all           password
      hostssl      all          byca           all           scram-sha-256 clientcert=verify-ca
      hostssl      all          byfull         all           scram-sha-256 clientcert=verify-full
      hostssl      all          trustfull      all           trust clientcert=verify-full
      hostssl      all          cert           all           cert
      hostssl      all          mapped         all           cert map=names
      hostssl      all          bydn           all           cert clientname=DN map=dn
      hostssl      all          brokenmap      all           cert map=broken
      hostssl      all          groupmap       all           cert map=group
      host         sameuser     sameuser       all           trust
      host         samerole     samerole       all           trust
      host         all          +pg_monitor    all           trust
      host         all          /^re[0-9]+$    all           trust
      host         /^d[0-9]$    dbre           all           trust
      host         "all"        quoted         all           trust
      host         d1,d2        listed         all           trust
      host         all          @names         all           trust
      host         all          samehost       samehost      trust
      host         all          samenet        samenet       trust
      host         all          masked         127.0.0.0 255.0.0.0 trust
      host         all          elsewhere      192.0.2.0/24  trust
      host         all          v6             ::1/128       trust
      host         all          named          localhost     trust
      host         all          misnamed       nowhere.invalid trust
      host         all          suffixed       .invalid      trust
      include            included.conf
      include_if_exists  absent.conf
      include_dir        more.d
      local        all          peer           peer
      local        all          peermap        peer map=system
      local        all          peerident      ident map=system
      local        all          localtrust     trust
      local        all          localreject    reject
      """;

  private static final String IDENT =
      """
      names   client                     mapped
      dn      "/^CN=(.*),OU=relay$"      \\1
      dn      "CN=client,OU=relay"       bydn
      broken  /^client$                  \\1
      broken  client                     brokenmap
      group   client                     +pg_monitor
      system  /^(.*)$                    peermap
      """;

  private static final String ROLES =
      """
      CREATE ROLE trusted LOGIN;
      CREATE ROLE onlytls LOGIN PASSWORD 'pw';
      CREATE ROLE onlyclear LOGIN PASSWORD 'pw';
      CREATE ROLE gss LOGIN;
      CREATE ROLE nogss LOGIN;
      CREATE ROLE rejected LOGIN;
      CREATE ROLE repl LOGIN REPLICATION PASSWORD 'pw';
      CREATE ROLE allrepl LOGIN REPLICATION;
      CREATE ROLE norepl LOGIN;
      CREATE ROLE scram LOGIN PASSWORD 'pw';
      CREATE ROLE expired LOGIN PASSWORD 'pw' VALID UNTIL '2001-01-01';
      CREATE ROLE nopw LOGIN;
      CREATE ROLE plain LOGIN PASSWORD 'pw';
      CREATE ROLE md5scram LOGIN PASSWORD 'pw';
      CREATE ROLE md5 LOGIN PASSWORD 'md514b41e8aafff866e8f68c84295626136';
      CREATE ROLE md5secret LOGIN PASSWORD 'md58de8780be519a6a77ab737c0b66eeb30';
      CREATE ROLE byca LOGIN PASSWORD 'pw';
      CREATE ROLE byfull LOGIN PASSWORD 'pw';
      CREATE ROLE trustfull LOGIN;
      CREATE ROLE cert LOGIN;
      CREATE ROLE mapped LOGIN;
      CREATE ROLE bydn LOGIN;
      CREATE ROLE brokenmap LOGIN;
      CREATE ROLE groupmap LOGIN;
      CREATE ROLE sameuser LOGIN;
      CREATE ROLE samerole LOGIN;
      CREATE ROLE member LOGIN IN ROLE pg_monitor;
      CREATE ROLE notmember LOGIN;
      CREATE ROLE re1 LOGIN;
      CREATE ROLE re1x LOGIN;
      CREATE ROLE dbre LOGIN;
      CREATE ROLE quoted LOGIN;
      CREATE ROLE listed LOGIN;
      CREATE ROLE "in file" LOGIN;
      CREATE ROLE samehost LOGIN;
      CREATE ROLE samenet LOGIN;
      CREATE ROLE masked LOGIN;
      CREATE ROLE elsewhere LOGIN;
      CREATE ROLE v6 LOGIN;
      CREATE ROLE named LOGIN;
      CREATE ROLE misnamed LOGIN;
      CREATE ROLE suffixed LOGIN;
      CREATE ROLE included LOGIN;
      CREATE ROLE fromdir LOGIN;
      CREATE ROLE peer LOGIN;
      CREATE ROLE peermap LOGIN;
      CREATE ROLE peerident LOGIN;
      CREATE ROLE localtrust LOGIN;
      CREATE ROLE localreject LOGIN;
      CREATE DATABASE d1;
      CREATE DATABASE sameuser;
      CREATE DATABASE samerole;
      """;

  /// What is asked for. `@name` is a certificate with its key, `tls` stands for `sslmode=require`.
  private static final String CASES =
      """
      user=trusted
      user=trusted tls
      user=nobody
      user=onlytls password=pw
      user=onlytls password=pw tls
      user=onlytls password=no tls
      user=onlytls password=pw sslmode=verify-full sslrootcert=root.crt
      user=onlytls password=pw tls channel_binding=require
      user=onlytls password=pw tls channel_binding=disable
      user=onlytls password=pw tls sslnegotiation=direct channel_binding=require
      user=onlytls password=pw tls ssl_max_protocol_version=TLSv1.2
      user=onlyclear password=pw
      user=onlyclear password=pw tls
      user=gss
      user=gss tls
      user=nogss
      user=nogss tls
      user=rejected
      user=rejected tls
      user=rejected replication=true
      user=repl password=pw
      user=repl password=pw replication=true
      user=repl password=no replication=true
      user=allrepl replication=true
      user=norepl replication=true
      user=scram password=pw
      user=scram password=no
      user=scram password=''
      user=scram password=pw tls channel_binding=require
      user=expired password=pw
      user=nopw password=pw
      user=unknown password=pw
      user=unknown password=pw tls
      user=md5secret password=pw
      user=md5 password=pw
      user=md5 password=no
      user=md5scram password=pw
      user=plain password=pw
      user=plain password=no
      user=byca password=pw tls
      user=byca password=pw tls @client
      user=byca password=no tls @client
      user=byca password=pw @client
      user=byfull password=pw tls @client
      user=byfull password=pw tls @byfull
      user=byfull password=no tls @byfull
      user=trustfull tls @client
      user=trustfull tls
      user=cert tls
      user=cert tls @client
      user=cert tls @cert
      user=cert tls @certrsa
      user=cert tls @below
      user=cert tls @nocn
      user=cert tls @expired
      user=cert tls @revoked
      user=cert tls @stranger
      user=cert
      user=mapped tls @client
      user=mapped tls @cert
      user=bydn tls @client
      user=bydn tls @bydn
      user=bydn tls @cert
      user=brokenmap tls @client
      user=groupmap tls @client
      user=sameuser dbname=sameuser
      user=sameuser dbname=postgres
      user=samerole dbname=samerole
      user=samerole dbname=postgres
      user=member
      user=notmember
      user=re1
      user=re1x
      user=dbre dbname=d1
      user=dbre dbname=postgres
      user=quoted
      user=listed dbname=d1
      user=listed dbname=postgres
      user='in file'
      user=samehost
      user=samenet
      user=masked
      user=elsewhere
      user=v6
      user=named
      user=misnamed
      user=suffixed
      user=included
      user=fromdir
      user=peer local
      user=peermap local
      user=peerident local
      user=localtrust local
      user=localtrust local sslmode=require
      user=localreject local
      user=trusted local
      """;

  private static TwoServers servers;
  private static final Map<String, IssuedCertificate> CERTIFICATES = new HashMap<>();

  static List<String> cases() {
    return CASES.lines().toList();
  }

  @BeforeAll
  static void start() throws Exception {
    var files =
        Map.of(
            "pg_hba.conf", HBA,
            "pg_ident.conf", IDENT,
            "names", "\"in file\", another\n",
            "included.conf", "host all included all trust\n",
            "more.d/b.conf", "host all fromdir all reject\n",
            "more.d/a.conf", "host all fromdir all trust\n",
            "more.d/c.txt", "nonsense\n");
    servers = new TwoServers(files, AccessCasesIT::certificates, ROLES);
  }

  /// @return the list of those that are revoked
  private static java.nio.file.Path certificates(TwoServers servers) throws IOException {
    var authority = servers.authority;
    put("client", authority.certificate("CN=client,OU=relay").issue("client"));
    put("byfull", authority.certificate("CN=byfull").issue("byfull"));
    put("cert", authority.certificate("CN=cert").issue("cert"));
    put("certrsa", authority.certificate("CN=cert").rsa().issue("certrsa"));
    put("nocn", authority.certificate("O=cert").issue("nocn"));
    put("bydn", authority.certificate("CN=bydn,OU=relay").issue("bydn"));
    put("expired", authority.certificate("CN=cert").expired().issue("expired"));
    put("stranger", servers.stranger.certificate("CN=cert").issue("stranger"));
    put("below", servers.below.certificate("CN=cert").issue("below"));
    IssuedCertificate revoked = authority.certificate("CN=cert").issue("revoked");
    put("revoked", revoked);
    return authority.revoke(revoked);
  }

  private static void put(String name, IssuedCertificate certificate) {
    CERTIFICATES.put(name, certificate);
  }

  @AfterAll
  static void stop() throws IOException {
    if (servers != null) {
      servers.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nodeAnswersAsPostgresDoes(String asked) throws Exception {
    assertThat(outcome(asked, false)).isEqualTo(outcome(asked, true));
  }

  private static String outcome(String asked, boolean theReal) throws IOException {
    try (PgClient client = Relay.connectTo(conninfo(asked, theReal))) {
      String how =
          client.tls().map(tls -> tls.version() + " " + tls.client().isPresent()).orElse("clear");
      client.terminate();
      return "let in: " + how;
    } catch (ConnectionException e) {
      return refusal(e);
    }
  }

  /// A server that ends the handshake says so in an alert, if it is still heard: which one is not
  /// compared.
  private static String refusal(ConnectionException failure) {
    if (failure.getCause() instanceof PostgresException refused) {
      return "%s %s".formatted(refused.sqlState(), refused.getMessage());
    }
    String message = String.valueOf(failure.getMessage());
    boolean inHandshake =
        message.contains(" alert ")
            || message.contains("Connection reset")
            || message.contains("Broken pipe")
            || message.contains("server closed the connection unexpectedly");
    return inHandshake ? "refused in the handshake" : message.replaceAll("port \\d+", "port");
  }

  private static String conninfo(String asked, boolean theReal) throws IOException {
    boolean local = asked.contains(" local");
    String options = asked.replace(" local", "").replace(" tls", " sslmode=require");
    int at = options.indexOf('@');
    if (at >= 0) {
      IssuedCertificate certificate =
          Objects.requireNonNull(CERTIFICATES.get(options.substring(at + 1)));
      options =
          options.substring(0, at)
              + "sslcert=%s sslkey=%s".formatted(certificate.file(), certificate.key());
    }
    options = options.replace("sslrootcert=root.crt", "sslrootcert=" + servers.authority.file());
    return "%s dbname=postgres%s %s"
        .formatted(
            local ? servers.unix(theReal) : servers.tcp(theReal),
            options.contains("sslmode") ? "" : " sslmode=disable",
            options);
  }
}
