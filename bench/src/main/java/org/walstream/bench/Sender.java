package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;

/// Somebody who sends WAL, and what that costs.
sealed interface Sender {

  String name();

  int port();

  String user();

  /// CPU time spent on sending since ever; call it when all connections have ended.
  double cpuSeconds();

  /// Memory taken by sending, in bytes; call it while the connections stand.
  long memoryBytes();

  /// PostgreSQL's walsenders: a process for each connection, so CPU is that of the postmaster's
  /// ended children, and memory what is private to each.
  record Walsenders(PostgresServer server, long postmaster) implements Sender {

    static Walsenders of(PostgresServer server) throws IOException {
      var lines = Files.readAllLines(server.dataDirectory().resolve("postmaster.pid"));
      return new Walsenders(server, Long.parseLong(lines.getFirst().strip()));
    }

    private static final String SINKS = "FROM pg_stat_replication WHERE application_name = 'sink'";

    @Override
    public String name() {
      return "walsenders";
    }

    @Override
    public int port() {
      return server.port();
    }

    @Override
    public String user() {
      return "postgres";
    }

    @Override
    public double cpuSeconds() {
      Eventually.holds(
          "all walsenders have ended", () -> server.sql("SELECT count(*) " + SINKS).equals("0"));
      return ProcessFacts.endedChildrenCpuSeconds(postmaster);
    }

    @Override
    public long memoryBytes() {
      var pids = server.sql("SELECT string_agg(pid::text, ' ') " + SINKS);
      return pids.isEmpty()
          ? 0
          : Arrays.stream(pids.split(" ", -1))
              .mapToLong(pid -> ProcessFacts.privateBytes(Long.parseLong(pid)))
              .sum();
    }
  }

  /// A relay: one process for all connections, and all of it counts.
  record Relay(RelayProcess process) implements Sender {

    @Override
    public String name() {
      return "relay";
    }

    @Override
    public int port() {
      return process.port();
    }

    @Override
    public String user() {
      return "standby";
    }

    @Override
    public double cpuSeconds() {
      return ProcessFacts.cpuSeconds(process.pid());
    }

    @Override
    public long memoryBytes() {
      return ProcessFacts.resident(process.pid());
    }

    Path directory() {
      return process.directory();
    }
  }
}
