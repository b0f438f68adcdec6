package org.walstream.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;

/// ```
/// primary ──▶ relay ──┬──▶ PostgreSQL standby
///   ▲ load            └──▶ pg_receivewal --slot
/// ```
///
/// While clients write, one of primary, relay and standby is killed with SIGKILL every few seconds
/// and started again. After the given volume of WAL, or the given time, the load stops, everyone
/// catches up, and it is checked that
/// - every segment that primary, relay and pg_receivewal have in common is the same in all three,
/// - the standby has every transaction whose COMMIT returned, and the same rows as the primary.
public final class Soak implements AutoCloseable {

  private static final int CLIENTS = 2;
  private static final Duration CATCH_UP = Duration.ofMinutes(5);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(8);

  private final Function<String[], List<String>> walstream;
  private final Path directory;
  private final PrintStream out;
  private final RandomGenerator random;
  private final List<Load> loads = new ArrayList<>();
  private final PostgresServer primary;
  private final Path node;
  private final int relayPort;
  private final List<Integer> kills = new ArrayList<>(List.of(0, 0, 0));
  private @Nullable CrashProcess relay;
  private @Nullable CrashProcess receiver;
  private @Nullable PostgresServer standby;

  private Soak(
      Function<String[], List<String>> walstream, Path directory, long seed, PrintStream out) {
    this.walstream = walstream;
    this.directory = directory;
    this.out = out;
    this.random = new SplittableRandom(seed);
    this.node = directory.resolve("relay");
    try (var reservation = PortReservation.any()) {
      this.relayPort = reservation.port();
    }
    this.primary =
        PostgresServer.builder(18)
            .setting("wal_keep_size", "100GB")
            .setting("max_wal_size", "1GB")
            .setting("checkpoint_timeout", "30s")
            .start();
  }

  /// Runs the whole proof.
  ///
  /// @param walstream the words that run the program under test with the arguments given
  /// @param megabytes how much WAL to make
  /// @param seconds how long to make it, at most
  /// @return true when all copies are the same
  public static boolean run(
      Function<String[], List<String>> walstream,
      long megabytes,
      long seconds,
      long seed,
      PrintStream out)
      throws IOException {
    Path directory = Files.createTempDirectory("walstream-soak");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var soak = new Soak(walstream, directory, seed, out)) {
      out.printf("soak: seed %d, files in %s%n", seed, directory);
      soak.start();
      soak.loadAndKill(megabytes, seconds);
      return soak.compare();
    }
  }

  private void start() throws IOException {
    primary.sql("SELECT pg_create_physical_replication_slot('relay')");
    primary.sql(Load.SCHEMA);
    command(
        "init",
        "-D",
        node.toString(),
        "-p",
        Integer.toString(relayPort),
        "--primary-conninfo",
        primary.conninfo());
    Files.writeString(
        node.resolve("walstream.conf"),
        "\nprimary_slot_name = 'relay'\nwalstream.keep_all = on\nwal_retrieve_retry_interval = 200ms\n",
        StandardOpenOption.APPEND);
    Files.writeString(node.resolve("pg_hba.conf"), "host all,replication all 127.0.0.1/32 trust\n");
    Files.writeString(node.resolve("users"), "\"postgres\" \"\" replication\n");
    startRelay();
    receiver = startReceiver();
    standby = PostgresServer.standbyOf(primary, relayConninfo()).start();
  }

  private void startRelay() {
    relay = CrashProcess.start(program("run", "-D", node.toString()));
    relay.awaitPrinted("started streaming WAL");
  }

  private CrashProcess startReceiver() throws IOException {
    var tools = PostgresTools.require(18);
    Path received = Files.createDirectories(directory.resolve("received"));
    String address = relayConninfo();
    tools.run(
        "pg_receivewal", "-d", address, "--slot=receivewal", "--create-slot", "--if-not-exists");
    return CrashProcess.start(
        tools.command(
            "pg_receivewal",
            "-d",
            address,
            "-D",
            received.toString(),
            "--slot=receivewal",
            "-s",
            "1",
            "--synchronous"));
  }

  private String relayConninfo() {
    return "host=127.0.0.1 port=" + relayPort + " user=postgres";
  }

  private void loadAndKill(long megabytes, long longest) {
    var threads = new ArrayList<Thread>();
    for (int client = 0; client < CLIENTS; client++) {
      var load = new Load(primary, client);
      loads.add(load);
      threads.add(Thread.ofPlatform().name("load " + client).start(load));
    }
    long startLsn = flushLsn();
    long startNanos = System.nanoTime();
    while (true) {
      Load.pause(1000 + random.nextLong(PAUSE_MAX.toMillis()));
      long made = (flushLsn() - startLsn) >> 20;
      long seconds = Math.max(1, (System.nanoTime() - startNanos) / 1_000_000_000L);
      out.printf(
          "soak: %d s, %d MB, %d MB/s, kills of primary/relay/standby %s%n",
          seconds, made, made / seconds, kills);
      if (made >= megabytes || seconds >= longest) {
        break;
      }
      killOne();
    }
    loads.forEach(Load::stop);
    threads.forEach(Soak::join);
  }

  private void killOne() {
    int victim = random.nextInt(3);
    kills.set(victim, kills.get(victim) + 1);
    switch (victim) {
      case 0 -> {
        primary.kill9();
        primary.start();
      }
      case 1 -> {
        relay().kill9();
        startRelay();
      }
      default -> {
        standby().kill9();
        standby()
            .spawn(); // it may have much to replay before it lets anybody in: that is waited for at
        // the end
      }
    }
  }

  private boolean compare() throws IOException {
    primary.sql("CHECKPOINT");
    String lastSegment = primary.sql("SELECT pg_walfile_name(pg_switch_wal())");
    String end = primary.sql("SELECT pg_current_wal_lsn()");
    standby().awaitConnections();
    Eventually.holds(
        "the standby has replayed " + end,
        CATCH_UP,
        () -> standby().sql("SELECT pg_last_wal_replay_lsn() >= '" + end + "'").equals("t"));
    Eventually.holds(
        "pg_receivewal has finished " + lastSegment,
        CATCH_UP,
        () -> Files.exists(directory.resolve("received").resolve(lastSegment)));
    boolean same = rowsAreTheSame();
    var wal =
        WalComparison.of(
            primary.walDirectory(), List.of(node.resolve("wal"), directory.resolve("received")));
    wal.differences().forEach(difference -> out.println("soak: " + difference));
    out.printf(
        "soak: %d segments, %.2f GB, compared byte by byte between primary, relay and pg_receivewal: %d differences%n",
        wal.segments(), wal.bytes() / 1e9, wal.differences().size());
    out.println("soak: kills of primary/relay/standby " + kills);
    return same && wal.segments() > 0 && wal.differences().isEmpty();
  }

  private boolean rowsAreTheSame() {
    boolean same = true;
    for (int client = 0; client < CLIENTS; client++) {
      long acknowledged = loads.get(client).acknowledged();
      long there =
          Long.parseLong(
              standby()
                  .sql(
                      "SELECT coalesce(max(number), 0) FROM soak_acknowledged WHERE client = "
                          + client));
      out.printf(
          "soak: client %d: %d commits acknowledged, standby has %d%n",
          client, acknowledged, there);
      same &= there >= acknowledged;
    }
    String digest =
        "SELECT count(*) || ' rows, ' || md5(string_agg(payload, '' ORDER BY id)) FROM soak_load";
    String here = primary.sql(digest);
    String there = standby().sql(digest);
    out.printf("soak: primary has %s%nsoak: standby has %s%n", here, there);
    return same && here.equals(there);
  }

  private long flushLsn() {
    return Long.parseLong(primary.sql("SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')"));
  }

  private void command(String... arguments) {
    try (var process = CrashProcess.start(program(arguments))) {
      if (process.awaitExit() != 0) {
        throw new IllegalStateException("failed: " + process);
      }
    }
  }

  private List<String> program(String... arguments) {
    return walstream.apply(arguments);
  }

  private CrashProcess relay() {
    return Objects.requireNonNull(relay);
  }

  private PostgresServer standby() {
    return Objects.requireNonNull(standby);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    loads.forEach(Load::stop);
    if (receiver != null) {
      receiver.close();
    }
    if (standby != null) {
      standby.close();
    }
    if (relay != null) {
      relay.close();
    }
    primary.close();
  }
}
