package org.walstream.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;

/// Start-up packets, SET, RESET and SHOW: a node and a PostgreSQL 18 are told the same and must
/// answer the same, to the word.
@Timeout(600)
class SessionParametersIT {

  @AutoClose private static PostgresServer postgres;
  @AutoClose private static ServerFixture node;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = PostgresServer.builder(18).start();
    postgres.sql("CREATE ROLE trusted LOGIN REPLICATION");
    node = new ServerFixture(directory);
  }

  /// Parameters are separated by `|`, name and value by `=`.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "options=-c wal_sender_timeout=4s",
        "options=-cwal_sender_timeout=6s",
        "options=--wal-sender-timeout=5s",
        "options=--WAL_sender-timeout=5s",
        "options=-c application_name=a\\ b\\\\c",
        "options=-c application_name=opt|application_name=packet",
        "options=-c nosuch=1",
        "options=-c wal_sender_timeout",
        "options=--wal_sender_timeout",
        "options=-z",
        "options=-ez",
        "options=word",
        "options=-e word",
        "options=-c",
        "options=--",
        "options=-- x",
        "options=-",
        "options=-e",
        "options=-S 100",
        "options=-S100",
        "options=-fs -fq",
        "options=-eS 200",
        "options=-F",
        "options=-d 3",
        "options=-p 3",
        "options=-N 3",
        "options=-i",
        "options=-l",
        "options=-k x",
        "options=-tpa",
        "options=-tpl",
        "options=-te",
        "options=-tzz",
        "options=-s",
        "options=-O",
        "options=-P",
        "options=-W 0",
        "options=-r x -D y -C z -T -n -E -j -b -v 3",
        "options=-B 16",
        "options=--single",
        "options=--help",
        "options=-c statement_timeout=1x",
        "options=-c wal_sender_timeout=010 -c work_mem=0x100",
        "options=-c wal_sender_timeout=100.7",
        "options=-c wal_sender_timeout=0.5s",
        "options=-c wal_sender_timeout=2.5e3",
        "options=-c wal_sender_timeout=-1",
        "options=-c wal_sender_timeout=1us",
        "options=-c wal_sender_timeout=1600us",
        "options=-c wal_sender_timeout=1MB",
        "options=-c work_mem=1.5GB",
        "options=-c work_mem=512kB -c seq_page_cost=1.50 -c cpu_tuple_cost=.0001",
        "options=-c work_mem=99999999999999999999",
        "options=-c work_mem=1_000",
        "options=-c work_mem=08",
        "options=-c seq_page_cost=1e400",
        "options=-c seq_page_cost=-1",
        "options=-c seq_page_cost=nan",
        "options=-c bytea_output=nosuch",
        "options=-c geqo=maybe",
        "options=-c foo.bar=1",
        "options=-c 1foo.bar=1",
        "nosuch=1",
        "foo.bar=1",
        "_pq_.x=1",
        "geqo=of",
        "TIMEZONE=Europe/Berlin",
        "TimeZone=GMT-02:00",
        "TimeZone=nosuch",
        "DateStyle=ISO, DMY",
        "DateStyle=nosuch",
        "client_encoding=SQL_ASCII",
        "client_encoding=uni-code",
        "client_encoding=nosuch",
        "extra_float_digits=2",
        "search_path=",
        "application_name=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "client_min_messages=error|application_name=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "application_name=\u00fc\u0001",
        "log_connections=on",
        "log_statement=all",
        "shared_buffers=1",
        "wal_keep_size=1",
        "server_version=1",
        "max_wal_senders=banana",
        "wal_sender_timeout=banana",
        "session_authorization=trusted",
        "role=none",
        "replication=t",
        "replication=y",
        "replication=TRU",
        "replication=f",
        "replication=of",
        "replication=o",
        "replication=database",
        "replication=Database",
        "replication=2",
        "replication= on",
        "replication=",
        "replication=t|options=-c wal_sender_timeout=4s",
        "replication=t|nosuch=1",
        "replication=database|options=-c wal_sender_timeout=4s"
      })
  void startupPacketsAreTakenOrRefusedAlike(String packet) throws Exception {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("user", "trusted");
    parameters.put("database", "postgres");
    for (String parameter : packet.split("\\|")) {
      String[] parts = parameter.split("=", 2);
      parameters.put(parts[0], parts[1]);
    }
    var queries =
        List.of(
            "SHOW wal_sender_timeout",
            "SHOW application_name",
            "SHOW "
                + (packet.toLowerCase(Locale.ROOT).startsWith("timezone")
                    ? "timezone"
                    : "datestyle"),
            "SHOW work_mem",
            "SHOW seq_page_cost",
            "SHOW cpu_tuple_cost",
            "SHOW geqo",
            "SHOW foo.bar",
            "SHOW search_path",
            packet.startsWith("client_encoding") ? "SHOW client_encoding" : "SHOW jit",
            "SHOW extra_float_digits",
            "SHOW enable_seqscan",
            "SHOW ignore_system_indexes");
    assertAlike(parameters, queries);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET wal_sender_timeout = 3000; | SHOW wal_sender_timeout | RESET wal_sender_timeout | SHOW"
            + " wal_sender_timeout",
        "SET wal_sender_timeout TO '5s' | SHOW WAL_Sender_Timeout | SET wal_sender_timeout TO"
            + " DEFAULT | SHOW wal_sender_timeout",
        "SET wal_sender_timeout = \"7s\" | SHOW wal_sender_timeout | RESET ALL | SHOW"
            + " wal_sender_timeout | DISCARD ALL",
        "SET wal_sender_timeout = 1, 2",
        "SET wal_sender_timeout = x",
        "SET shared_buffers = 1 | SET wal_keep_size = 3 | SET log_statement = 'all' | SET"
            + " log_connections = on",
        "SET post_auth_delay = 1 | SET server_version = '1' | SET is_superuser = on | RESET"
            + " shared_buffers",
        "SET nosuch = 1 | RESET nosuch | SHOW nosuch",
        "SET \"foo.1x\" = 1 | SET foo.x TO 3 | SHOW foo.x | RESET foo.x | SHOW foo.x | SHOW foo.y",
        "SET application_name = 'zz' | SET application_name = 'zz' | RESET application_name",
        "SET client_encoding = 'SQL_ASCII' | SET NAMES 'utf8' | SET client_encoding = 'nosuch'",
        "SET search_path = a, \"B c\" | SHOW search_path | RESET search_path",
        "SET datestyle = 'iso,dmy' | SHOW datestyle | SET datestyle = 'mdy' | SET datestyle ="
            + " 'nosuch'",
        "SET TIME ZONE 'Europe/Berlin' | SHOW TIME ZONE | SET TIME ZONE 'nosuch'",
        "BEGIN | SET LOCAL application_name = 'l' | SHOW application_name | COMMIT | SHOW"
            + " application_name",
        "BEGIN | SET application_name = 'l' | ROLLBACK | SHOW application_name | ROLLBACK | COMMIT"
            + " AND CHAIN",
        "BEGIN | SET nosuch = 1 | SHOW application_name | COMMIT | SHOW application_name",
        "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY | SHOW transaction_isolation | END | SHOW"
            + " TRANSACTION ISOLATION LEVEL",
        "START TRANSACTION | SAVEPOINT a | SET application_name = 's' | ROLLBACK TO SAVEPOINT a |"
            + " SHOW application_name | RELEASE a | ROLLBACK TO a | ABORT",
        "SET LOCAL application_name = 'l' | SHOW application_name | SAVEPOINT x | BEGIN | BEGIN |"
            + " COMMIT",
        "SET enable_seqscan = maybe | SET bytea_output = 'nosuch' | SET bytea_output = 'ESCAPE' |"
            + " SHOW bytea_output"
      })
  void settingsOfASessionAreTakenOrRefusedAlike(String script) throws Exception {
    for (String replication : List.of("false", "database", "true")) {
      assertAlike(
          Map.of("user", "trusted", "database", "postgres", "replication", replication),
          List.of(script.split(" \\| ")));
    }
  }

  private static void assertAlike(Map<String, String> parameters, List<String> queries)
      throws Exception {
    assertThat(answers(node.port, parameters, queries))
        .as("%s %s", parameters, queries)
        .isEqualTo(answers(postgres.port(), parameters, queries));
  }

  private static List<String> answers(
      int port, Map<String, String> parameters, List<String> queries) throws Exception {
    try (var client = new RawClient(port)) {
      var answers = new ArrayList<>(client.startup(parameters));
      for (String query : queries) {
        answers.add("> " + query);
        answers.addAll(client.query(query));
      }
      return answers;
    }
  }
}
