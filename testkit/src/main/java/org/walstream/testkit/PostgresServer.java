package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL server in a directory of its own.
///
/// ```java
/// try (var primary = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start()) {
///   primary.sql("CREATE TABLE t (id int)");
///   try (var standby = PostgresServer.standbyOf(primary, primary.conninfo()).start()) {
///     Eventually.holds("t has arrived", () -> standby.sql("SELECT count(*) FROM t").equals("0"));
///     primary.kill9();
///     standby.promote();
///   }
/// }
/// ```
///
/// It listens on 127.0.0.1 and on a Unix-domain socket, its superuser is `postgres`. Closing stops
/// it and deletes its files; a JVM that exits closes what it has not closed.
public final class PostgresServer implements AutoCloseable {

  static final String CONFIGURATION_FILE = "testkit.conf";

  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(5);

  private final int major;
  private final ServerHome home;
  private final int port;
  private final @Nullable PortReservation reservation;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private List<String> options = List.of();
  private final Thread closeAtExit = new Thread(this::leave);
  private volatile boolean keepFiles;
  private volatile @Nullable Process process;

  PostgresServer(int major, ServerHome home, int port, @Nullable PortReservation reservation) {
    this.major = major;
    this.home = home;
    this.port = port;
    this.reservation = reservation;
    AtExit.run(closeAtExit);
  }

  public static PostgresServerBuilder builder(int major) {
    return new PostgresServerBuilder(major, null);
  }

  /// A standby of `primary`, from a base backup taken now (at `create()` or `start()`), that
  /// streams from `upstreamConninfo`: the primary's own, or a relay's.
  public static PostgresServerBuilder standbyOf(PostgresServer primary, String upstreamConninfo) {
    return new PostgresServerBuilder(primary.major, primary)
        .setting("primary_conninfo", upstreamConninfo)
        .setting("wal_retrieve_retry_interval", "200ms");
  }

  /// Starts the server and waits until it accepts connections.
  ///
  /// @throws IllegalStateException with the end of its log when it does not
  public void start() {
    if (isRunning()) {
      throw new IllegalStateException(this + " is running already");
    }
    spawn();
    awaitConnections();
  }

  /// Starts the server without waiting: for one that cannot become ready, such as a standby whose
  /// upstream is not there.
  public void spawn() {
    var postgres = PostgresBinaries.of(major).resolve("postgres").toString();
    var words = new ArrayList<>(List.of(postgres, "-D", home.data().toString()));
    words.addAll(options);
    var command = ServerUser.current().command(words);
    var builder =
        new ProcessBuilder(command)
            .directory(home.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile()));
    // Its libpq looks there for certificates: ours is closed to another user, which it takes ill.
    builder.environment().put("HOME", home.directory().toString());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + this, e);
    }
  }

  /// Waits until the server accepts connections.
  public void awaitConnections() {
    var deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!Postmaster.find(home.data()).map(Postmaster::acceptsConnections).orElse(false)) {
      if (process == null || !process.isAlive()) {
        throw new IllegalStateException(
            "could not start " + this + "; its log ends:\n" + logTail());
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            this + " is not ready after " + START_TIMEOUT + "; its log ends:\n" + logTail());
      }
      Eventually.sleep(Duration.ofMillis(10));
    }
  }

  /// Disconnects clients, writes a shutdown checkpoint, sends it to standbys, ends.
  public void stopFast() {
    stop("INT");
  }

  /// Ends without a checkpoint: the next start recovers.
  public void stopImmediate() {
    stop("QUIT");
  }

  /// SIGKILL to all its processes.
  public void kill9() {
    Postmaster.find(home.data())
        .orElseThrow(() -> new IllegalStateException(this + " is not running"))
        .kill();
    awaitExit();
  }

  /// Waits until the server has ended by itself and returns its exit code.
  public int awaitEnd() {
    awaitExit();
    return Objects.requireNonNull(process).exitValue();
  }

  /// Stops fast and starts again.
  public void restart() {
    stopFast();
    start();
  }

  /// Makes a primary of a standby and waits until it is one.
  public void promote() {
    if (!sql("SELECT pg_promote(true, 300)").equals("t")) {
      throw new IllegalStateException("could not promote " + this + ":\n" + logTail());
    }
  }

  /// Changes one row of the configuration: takes effect at the next [#reload] or start.
  public PostgresServer set(String name, String value) {
    configure(Map.of(name, value));
    return this;
  }

  public void reload() {
    sql("SELECT pg_reload_conf()");
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /// Runs `statement` (several, separated by semicolons, if they return nothing) and returns the
  /// first column of the first row as text: empty when there is no row or it is null; booleans are
  /// `t` and `f`.
  public String sql(String statement) {
    try (var connection = jdbc();
        var sql = connection.createStatement()) {
      if (!sql.execute(statement)) {
        return "";
      }
      try (var rows = sql.getResultSet()) {
        var value = rows.next() ? rows.getString(1) : null;
        return value == null ? "" : value;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(statement + ": " + e.getMessage(), e);
    }
  }

  /// Has the server make a directory, which is its own then. The program reads what it is sent:
  /// else it could end before, which the server takes for a failure.
  public void makeDirectory(Path directory) {
    sql("COPY (SELECT) TO PROGRAM 'cat >/dev/null; mkdir \"%s\"'".formatted(directory));
  }

  /// A new connection to database `postgres` as superuser; the caller closes it.
  public Connection jdbc() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), "postgres", "");
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?preferQueryMode=simple";
  }

  /// How libpq and Walstream reach this server over TCP.
  public String conninfo() {
    return "host=127.0.0.1 port=" + port + " user=postgres";
  }

  public int port() {
    return port;
  }

  public int major() {
    return major;
  }

  /// Puts a file into the data directory, where only the server may read it.
  public Path install(String name, byte[] content) {
    var file = home.data().resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write \"" + file + "\"", e);
    }
    return ServerUser.current().own(file);
  }

  /// Makes the server the owner of its data directory and all in it: another program, which runs as
  /// another user, has worked there.
  public void ownFiles() {
    ServerUser.current().ownAll(home.data());
  }

  /// The directory of the Unix-domain socket: `host=` in a conninfo.
  public Path socketDirectory() {
    return home.directory();
  }

  /// These words of its command, too.
  void startWith(List<String> more) {
    options = List.copyOf(more);
  }

  public Path dataDirectory() {
    return home.data();
  }

  public Path walDirectory() {
    return home.data().resolve("pg_wal");
  }

  /// Everything the server has logged.
  public String log() {
    try {
      return Files.exists(home.log()) ? Files.readString(home.log()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("could not read \"" + home.log() + "\"", e);
    }
  }

  /// Leaves the files where they are when this is closed.
  public void keepFiles(boolean keep) {
    keepFiles = keep;
  }

  /// Stops at once and deletes the files.
  @Override
  public void close() {
    leave();
    AtExit.forget(closeAtExit);
    if (reservation != null) {
      reservation.close();
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL %d in %s, port %d".formatted(major, home.directory(), port);
  }

  void configure(Map<String, String> rows) {
    settings.putAll(rows);
    var text = new StringBuilder();
    settings.forEach(
        (name, value) -> text.append("%s = '%s'\n".formatted(name, value.replace("'", "''"))));
    var file = home.data().resolve(CONFIGURATION_FILE);
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write \"" + file + "\"", e);
    }
    ServerUser.current().own(file);
  }

  private void stop(String signal) {
    if (process == null) {
      throw new IllegalStateException(this + " is not running");
    }
    Command.signal(process.pid(), signal);
    awaitExit();
  }

  private void awaitExit() {
    try {
      if (process != null && !process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            this + " has not stopped after " + STOP_TIMEOUT + "; its log ends:\n" + logTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + this, e);
    }
  }

  private void leave() {
    killIfRunning();
    if (keepFiles) {
      ScratchDirectory.keep(home.directory());
    } else {
      FileTree.delete(home.directory());
    }
  }

  private void killIfRunning() {
    Postmaster.find(home.data()).ifPresent(Postmaster::kill);
    if (process != null) {
      process.destroyForcibly();
      awaitExit();
    }
  }

  private String logTail() {
    var lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }
}
