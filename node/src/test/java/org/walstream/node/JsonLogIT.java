package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;

/// `log_destination = jsonlog`: lines with the keys of a server's.
@Timeout(600)
class JsonLogIT {

  private static final Pattern KEY = Pattern.compile("[{,] ?\"(\\w+)\": ?");

  /// Values hold no commas before quotes in the lines looked at.
  private static List<String> keys(String line) {
    return KEY.matcher(line).results().map(match -> match.group(1)).toList();
  }

  private static List<String> serverLines(PostgresServer server) throws IOException {
    try (Stream<Path> files = Files.list(server.dataDirectory().resolve("log"))) {
      Path file = files.filter(name -> name.toString().endsWith(".json")).findFirst().orElseThrow();
      return Files.readAllLines(file);
    }
  }

  private static String ready(List<String> lines) {
    return lines.stream().filter(line -> line.contains("ready to accept")).findFirst().orElse("");
  }

  @Test
  void keysAreAServers() throws Exception {
    try (var primary =
            Relay.primary(18)
                .setting("log_destination", "jsonlog")
                .setting("logging_collector", "on")
                .start();
        var relay = Relay.of(primary.conninfo()).set("log_destination", "jsonlog");
        var process = relay.process()) {
      Eventually.holds(
          "the relay has said so", () -> ready(process.errors().lines().toList()).endsWith("}"));
      Eventually.holds("the server has said so", () -> !ready(serverLines(primary)).isEmpty());
      String theirs = ready(serverLines(primary));
      String ours = ready(process.errors().lines().toList());
      assertThat(keys(ours)).isEqualTo(keys(theirs)).startsWith("timestamp", "pid", "session_id");
      assertThat(ours).contains("\"error_severity\": \"LOG\"", "\"backend_type\": \"postmaster\"");
      assertThat(theirs).contains("\"error_severity\":\"LOG\"", "\"backend_type\":\"postmaster\"");
    }
  }
}
