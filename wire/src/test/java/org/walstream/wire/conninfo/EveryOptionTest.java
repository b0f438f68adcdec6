package org.walstream.wire.conninfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every option of PostgreSQL 18's libpq, in the order of PQconninfoOptions: what becomes of its
/// value. None is accepted and then passed over.
class EveryOptionTest {

  /// `keyword=value` and either the message of the refusal, in libpq's words where libpq refuses
  /// too; or HONOURED, it makes a difference; or UNUSED, it belongs to a part that no connection
  /// here has, and a libpq without that part ignores it too.
  private static final String TABLE =
      """
      service=x                           definition of service "x" not found
      user=x                              HONOURED
      password=x                          HONOURED
      passfile=/                          HONOURED
      channel_binding=require             HONOURED
      channel_binding=x                   invalid channel_binding value: "x"
      connect_timeout=1                   HONOURED
      connect_timeout=1s                  invalid integer value "1s" for connection option "connect_timeout"
      dbname=x                            HONOURED
      host=x                              HONOURED
      host=@x                             abstract Unix-domain socket "@x/.s.PGSQL.5432" cannot be used: Java has no address for it
      hostaddr=127.0.0.2                  HONOURED
      port=1                              HONOURED
      port=0                              invalid port number: "0"
      client_encoding=LATIN1              HONOURED
      options=-cx=y                       HONOURED
      application_name=x                  HONOURED
      fallback_application_name=x         HONOURED
      keepalives=0                        HONOURED
      keepalives=no                       invalid integer value "no" for connection option "keepalives"
      keepalives_idle=1                   HONOURED
      keepalives_interval=1               HONOURED
      keepalives_count=1                  HONOURED
      tcp_user_timeout=0                  UNUSED
      tcp_user_timeout=1000               tcp_user_timeout parameter is not supported on this platform
      sslmode=disable                     HONOURED
      sslmode=require                     HONOURED
      sslmode=x                           invalid sslmode value: "x"
      sslnegotiation=postgres             UNUSED
      sslnegotiation=direct               weak sslmode "prefer" may not be used with sslnegotiation=direct (use "require", "verify-ca", or "verify-full")
      sslnegotiation=x                    invalid sslnegotiation value: "x"
      sslcompression=1                    UNUSED
      sslcert=x                           HONOURED
      sslkey=x                            HONOURED
      sslcertmode=allow                   UNUSED
      sslcertmode=require                 HONOURED
      sslcertmode=x                       invalid sslcertmode value: "x"
      sslpassword=x                       HONOURED
      sslrootcert=x                       HONOURED
      sslrootcert=system                  HONOURED
      sslcrl=x                            HONOURED
      sslcrldir=x                         HONOURED
      sslsni=0                            HONOURED
      requirepeer=x                       HONOURED
      require_auth=md5                    HONOURED
      require_auth=x                      invalid require_auth value: "x"
      min_protocol_version=3.2            HONOURED
      min_protocol_version=3.1            invalid min_protocol_version value: "3.1"
      max_protocol_version=latest         HONOURED
      max_protocol_version=4.0            invalid max_protocol_version value: "4.0"
      ssl_min_protocol_version=TLSv1.1    HONOURED
      ssl_min_protocol_version=x          invalid "ssl_min_protocol_version" value: "x"
      ssl_max_protocol_version=tlsv1.3    UNUSED
      ssl_max_protocol_version=TLSv1.2    HONOURED
      ssl_max_protocol_version=TLSv1      invalid SSL protocol version range
      gssencmode=prefer                   UNUSED
      gssencmode=require                  gssencmode value "require" invalid when GSSAPI support is not compiled in
      gssencmode=x                        invalid gssencmode value: "x"
      krbsrvname=x                        UNUSED
      gsslib=x                            UNUSED
      gssdelegation=1                     UNUSED
      replication=true                    HONOURED
      target_session_attrs=primary        HONOURED
      target_session_attrs=x              invalid target_session_attrs value: "x"
      load_balance_hosts=random           HONOURED
      load_balance_hosts=x                invalid load_balance_hosts value: "x"
      scram_client_key=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=   HONOURED
      scram_client_key=AAAA               invalid SCRAM client key length: 3
      scram_client_key=!                  invalid SCRAM client key
      scram_server_key=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=   HONOURED
      scram_server_key=AAAA               invalid SCRAM server key length: 3
      scram_server_key=!                  invalid SCRAM server key
      oauth_issuer=x                      UNUSED
      oauth_client_id=x                   UNUSED
      oauth_client_secret=x               UNUSED
      oauth_scope=x                       UNUSED
      sslkeylogfile=x                     UNUSED
      """;

  record Row(String keyword, String conninfo, String outcome) {}

  static List<Row> rows() {
    return TABLE
        .lines()
        .map(line -> line.split(" {2,}", 2))
        .map(parts -> new Row(parts[0].replaceFirst("=.*", ""), parts[0], parts[1]))
        .toList();
  }

  @Test
  void tableListsEveryOptionInLibpqsOrder() {
    assertThat(rows().stream().map(Row::keyword).distinct())
        .containsExactlyElementsOf(
            Arrays.stream(ConnInfoOption.values()).map(ConnInfoOption::keyword).toList());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void valueIsHonouredOrRefusedOrConcernsWhatThereIsNot(Row row) {
    switch (row.outcome()) {
      case "HONOURED" -> assertThat(effect(row.conninfo())).isNotEqualTo(effect(""));
      case "UNUSED" -> assertThat(effect(row.conninfo())).isEqualTo(effect(""));
      default ->
          assertThatThrownBy(() -> effect(row.conninfo()))
              .isInstanceOf(ConnInfoException.class)
              .hasMessage(row.outcome());
    }
  }

  /// All that comes of a connection string: the settings, and warnings.
  private static List<Object> effect(String conninfo) {
    var effect = new ArrayList<Object>();
    var environment =
        new LibpqEnvironment(
            Map.of("PGHOST", "h", "PGHOSTADDR", ""), "os", Path.of("/nonexistent"), effect::add);
    effect.add(ConnectionSettings.of(ConnInfo.parse(conninfo), environment));
    return effect;
  }
}
