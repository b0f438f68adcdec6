package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wire.auth.ScramSecret;
import org.walstream.wire.client.PgClient;

/// What connections cost that have been let in and do nothing: a thousand in clear, then a thousand
/// over TLS beside them, all by SCRAM-SHA-256; a relay and PostgreSQL 18.
///
/// The clients are this process's, one after the other, the same for both: the time to let all in
/// is theirs as well.
final class ConnectionBench {

  private static final int CONNECTIONS = 1000;
  private static final int CONNECTIONS_QUICK = 20;
  private static final int OTHERS = 50;
  private static final String USER = "idler";
  private static final String PASSWORD = "idle";

  /// Of no use to anybody but the bench's own clients: both servers listen on 127.0.0.1 only.
  private static final String RULES =
      """
      host  all          idler  127.0.0.1/32  scram-sha-256
      host  all          all    127.0.0.1/32  trust
      host  replication  all    127.0.0.1/32  trust
      """;

  private final int count;
  private final Consumer<String> progress;

  ConnectionBench(Plan plan, Consumer<String> progress) {
    this.count = plan.quick() ? CONNECTIONS_QUICK : CONNECTIONS;
    this.progress = progress;
  }

  /// The table, in Markdown.
  String run() throws Exception {
    try (var scratch = ScratchDirectory.create("bench");
        var port = PortReservation.any();
        var server = server()) {
      var files = new TlsFiles(scratch.path());
      server.install("server.crt", Files.readAllBytes(files.certificate()));
      server.install("server.key", Files.readAllBytes(files.key()));
      server.set("ssl", "on").reload();
      server.sql(
          "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(USER, ScramSecret.of(PASSWORD).format()));
      Eventually.holds("the server has TLS", () -> server.sql("SHOW ssl").equals("on"));
      Path node = scratch.path().resolve("node");
      try (var relay = RelayProcess.start(node, server, port.port(), settings(files))) {
        relay.awaitStreaming(server);
        letIn(relay);
        return heading(scratch.path())
            + rows("relay", relay.port(), () -> ProcessFacts.proportional(relay.pid()))
            + rows("PostgreSQL", server.port(), memoryOf(server));
      }
    }
  }

  private PostgresServer server() {
    return PostgresServer.builder(18)
        .setting("max_connections", String.valueOf(2 * count + OTHERS))
        .hba(RULES.lines().toArray(String[]::new))
        .start();
  }

  private Map<String, String> settings(TlsFiles files) throws IOException {
    return Map.of(
        "ssl", "on",
        "ssl_cert_file", files.certificate().toString(),
        "ssl_key_file", files.key().toString(),
        "max_connections", String.valueOf(2 * count + OTHERS));
  }

  private static void letIn(RelayProcess relay) throws IOException {
    Files.writeString(relay.directory().resolve("pg_hba.conf"), RULES);
    Files.writeString(
        relay.directory().resolve("users"),
        "\"%s\" \"%s\"%n".formatted(USER, ScramSecret.of(PASSWORD).format()),
        StandardOpenOption.APPEND);
    var reload =
        CrashProcess.start(WalstreamProgram.command("reload", "-D", relay.directory().toString()));
    if (reload.awaitExit() != 0) {
      throw new IOException("could not reload: " + reload);
    }
    Eventually.holds("the relay asks for passwords", () -> asksForPasswords(relay));
  }

  private static boolean asksForPasswords(RelayProcess relay) {
    try (PgClient client =
        TlsBench.connect(
            "host=127.0.0.1 port=%d dbname=x user=%s password=%s require_auth=scram-sha-256"
                .formatted(relay.port(), USER, PASSWORD))) {
      client.terminate();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  // ---------------------------------------------------------------------------------------------

  private interface Measure {
    /// Bytes of the whole server; what processes share counts once.
    long bytes() throws IOException;
  }

  private static Measure memoryOf(PostgresServer server) throws IOException {
    long postmaster = Sender.Walsenders.of(server).postmaster();
    return () -> {
      long all = ProcessFacts.proportional(postmaster);
      for (long child : ProcessFacts.children(postmaster)) {
        all += ProcessFacts.proportional(child);
      }
      return all;
    };
  }

  private String heading(Path directory) {
    return """

    ### %,d idle connections in clear, and as many over TLS beside them

    %s. All by SCRAM-SHA-256. Memory: proportional set size of all processes of the server.

    | connections | server | seconds | MiB before | after | of one, KiB |
    |---|---|---|---|---|---|
    """
        .formatted(count, Machine.describe(directory, "PostgreSQL 18"));
  }

  private String rows(String server, int port, Measure memory) throws IOException {
    var rows = new StringBuilder();
    var clients = new ArrayList<PgClient>();
    try {
      for (String mode : List.of("disable", "require")) {
        long before = memory.bytes();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
          clients.add(
              TlsBench.connect(
                  "host=127.0.0.1 port=%d dbname=postgres user=%s password=%s sslmode=%s"
                      .formatted(port, USER, PASSWORD, mode)));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long after = memory.bytes();
        String kind = mode.equals("require") ? "TLS" : "in clear";
        progress.accept("%,d %s to %s: %.1f s".formatted(count, kind, server, seconds));
        rows.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.0f | %.0f | %.0f |%n",
                kind,
                server,
                seconds,
                before / (double) (1 << 20),
                after / (double) (1 << 20),
                (after - before) / 1024.0 / count));
      }
    } finally {
      for (PgClient client : clients) {
        client.terminate();
        client.close();
      }
    }
    return rows.toString();
  }
}
