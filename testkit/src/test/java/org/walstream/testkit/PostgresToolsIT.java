package org.walstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

class PostgresToolsIT {

  @Test
  void toolsTalkToAServer() {
    var tools = PostgresTools.forTest(18, "psql");
    assumeThat(tools).as(PostgresTools.missing(18, "psql")).isPresent();
    try (var server = PostgresServer.builder(18).start()) {
      var version =
          tools
              .orElseThrow()
              .run("psql", "-XAt", "-d", server.conninfo(), "-c", "SHOW server_version");
      assertThat(version.strip()).isEqualTo(server.sql("SHOW server_version"));
    }
  }

  @Test
  void absentToolsAreReportedWithTheWayToGetThem() {
    assertThatThrownBy(() -> PostgresTools.require(9))
        .hasMessageContaining("/usr/lib/postgresql/9/bin")
        .hasMessageContaining("run scripts/postgres-tools 9");
  }
}
