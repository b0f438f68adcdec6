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
import java.util.function.LongSupplier;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wire.auth.ScramSecret;
import org.walstream.wire.client.PgClient;

/// What connections cost that have been let in and do nothing: a thousand in clear, then a thousand
/// over TLS beside them, all by SCRAM-SHA-256; a relay and PostgreSQL 18. Then what a relay takes
/// that has a thousand in clear and 200 standbys that stream beside them.
///
/// The clients are this process's, one after the other, the same for both: the time to let all in
/// is theirs as well.
final class ConnectionBench {

  private static final int CONNECTIONS = 1000;
  private static final int CONNECTIONS_QUICK = 20;
  private static final int STANDBYS = 200;
  private static final int STANDBYS_QUICK = 5;
  private static final int OTHERS = 50;
  private static final long BEHIND_BYTES = 4_000_000;
  private static final long MORE_BYTES = 20_000_000;
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
  private final int standbys;
  private final long more;
  private final Consumer<String> progress;

  ConnectionBench(Plan plan, Consumer<String> progress) {
    this.count = plan.quick() ? CONNECTIONS_QUICK : CONNECTIONS;
    this.standbys = plan.quick() ? STANDBYS_QUICK : STANDBYS;
    this.more = plan.quick() ? MORE_BYTES / 20 : MORE_BYTES;
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
      var table = new StringBuilder(heading(scratch.path()));
      Path node = scratch.path().resolve("node");
      try (var relay = RelayProcess.start(node, server, port.port(), settings(files))) {
        relay.awaitStreaming(server);
        letIn(relay);
        table.append(rows("relay", relay.port(), memoryOf(relay)));
      }
      Path fresh = scratch.path().resolve("fresh");
      try (var relay = RelayProcess.start(fresh, server, port.port(), settings(files))) {
        relay.awaitStreaming(server);
        letIn(relay);
        table.append(streaming(server, relay));
      }
      return table.append(rows("PostgreSQL", server.port(), memoryOf(server))).toString();
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
        "max_connections", String.valueOf(2 * count + OTHERS),
        "max_wal_senders", String.valueOf(STANDBYS + OTHERS),
        "wal_sender_timeout", "0"); // the standbys only read
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

  private static LongSupplier memoryOf(RelayProcess relay) {
    return () -> ProcessFacts.proportional(relay.pid());
  }

  /// Bytes of the whole server; what processes share counts once.
  private static LongSupplier memoryOf(PostgresServer server) throws IOException {
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

  private String rows(String server, int port, LongSupplier memory) throws IOException {
    var rows = new StringBuilder();
    var clients = new ArrayList<PgClient>();
    try {
      for (String mode : List.of("disable", "require")) {
        rows.append(letIdle(server, port, memory, mode, clients));
      }
    } finally {
      close(clients);
    }
    return rows.toString();
  }

  /// Connects `count` clients, and adds them to `clients`.
  private String letIdle(
      String server, int port, LongSupplier memory, String mode, List<PgClient> clients)
      throws IOException {
    long before = memory.getAsLong();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      clients.add(
          TlsBench.connect(
              "host=127.0.0.1 port=%d dbname=postgres user=%s password=%s sslmode=%s"
                  .formatted(port, USER, PASSWORD, mode)));
    }
    String kind = mode.equals("require") ? "TLS" : "in clear";
    return row(kind, count, server, System.nanoTime() - start, before, memory.getAsLong());
  }

  private static void close(List<PgClient> clients) throws IOException {
    for (PgClient client : clients) {
      client.terminate();
      client.close();
    }
  }

  /// A thousand in clear, and the standbys beside them.
  private String streaming(PostgresServer primary, RelayProcess relay) throws Exception {
    LongSupplier memory = memoryOf(relay);
    var clients = new ArrayList<PgClient>();
    try {
      String idle = letIdle("a relay of its own", relay.port(), memory, "disable", clients);
      long before = memory.getAsLong();
      long start = System.nanoTime();
      long most =
          new StreamingStandbys(primary, relay.port(), "standby", standbys)
              .mostMemory(BEHIND_BYTES, more, memory);
      String kind = "%d standbys that stream beside them, at most".formatted(standbys);
      return idle + row(kind, standbys, "the same", System.nanoTime() - start, before, most);
    } finally {
      close(clients);
    }
  }

  private String row(
      String kind, int connections, String server, long nanos, long before, long after) {
    progress.accept("%s, %s: %.1f s".formatted(kind, server, nanos / 1e9));
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.1f | %.0f | %.0f | %.0f |%n",
        kind,
        server,
        nanos / 1e9,
        before / (double) (1 << 20),
        after / (double) (1 << 20),
        (after - before) / 1024.0 / connections);
  }
}
