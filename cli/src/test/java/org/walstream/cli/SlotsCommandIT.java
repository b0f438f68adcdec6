package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.PostgresServer;

/// What a shell offers where the name of a slot is to come.
@Timeout(600)
class SlotsCommandIT {

  @Test
  void namesTheSlotsOfTheServerThatTheLineIsAbout() throws Exception {
    try (var server = PostgresServer.builder(18).start()) {
      server.sql("SELECT pg_create_physical_replication_slot('b')");
      server.sql("SELECT pg_create_physical_replication_slot('a')");
      for (String options :
          new String[] {
            "-d '%s'".formatted(server.conninfo()),
            "--dbname=\"%s\"".formatted(server.conninfo()),
            "--primary='%s'".formatted(server.conninfo()),
            "-h 127.0.0.1 -p%d -U postgres".formatted(server.port()),
            "--host=127.0.0.1 --port %d --username=postgres".formatted(server.port()),
          }) {
        Ran ran = Ran.walstream("slots", "walstream receive -D archive " + options + " -S ");
        assertThat(ran.errors()).as(options).isEmpty();
        assertThat(ran.output()).as(options).isEqualTo("a\nb\n");
      }
    }
    Ran ran = Ran.walstream("slots", "walstream receive -h 127.0.0.1 -p 1 --slot ");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.output()).isEmpty();
  }
}
