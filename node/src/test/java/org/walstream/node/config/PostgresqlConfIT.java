package org.walstream.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;

/// The configuration file of a PostgreSQL server, with every line of it in force, is one a node can
/// be started with.
@Timeout(600)
class PostgresqlConfIT {

  /// Commented out because it has no value that would hold everywhere.
  private static final Pattern WITHOUT_VALUE =
      Pattern.compile("(?m)^(include|include_if_exists|include_dir) .*$");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void loads(int major) throws Exception {
    try (var server = PostgresServer.builder(major).create()) {
      String text = Files.readString(server.dataDirectory().resolve("postgresql.conf"));
      String inForce = text.replaceAll("(?m)^#(\\w[\\w.]* ?=)", "$1");
      assertThat(inForce).contains("\nshared_preload_libraries = ");
      Path file = directory.resolve("postgresql.conf");
      Files.writeString(file, WITHOUT_VALUE.matcher(inForce).replaceAll(""));
      var configuration = Configuration.load(file, Map.of());
      assertThat(configuration.passedOver())
          .contains("shared_buffers", "wal_level", "archive_command", "autovacuum")
          .doesNotContain("port", "max_wal_senders", "wal_sender_timeout");
      assertThat(configuration.get(Parameters.MAX_WAL_SENDERS)).isBetween(10L, 50L);
    }
  }
}
