package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a [PostgresServer] is made of. Defaults suit a test: any free port, `trust` from the
/// loopback interface, fsync off, room for many walsenders.
public final class PostgresServerBuilder {

  private static final List<String> TRUST_LOOPBACK =
      List.of(
          "local all all trust",
          "local replication all trust",
          "host all all 127.0.0.1/32 trust",
          "host all all ::1/128 trust",
          "host replication all 127.0.0.1/32 trust",
          "host replication all ::1/128 trust");

  private final int major;
  private final @Nullable PostgresServer primary;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<String> initdbOptions = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private List<String> hba = TRUST_LOOPBACK;
  private int walSegmentMegabytes = 16;
  private int port;
  private boolean keepFiles;
  private @Nullable Path home;

  PostgresServerBuilder(int major, @Nullable PostgresServer primary) {
    this.major = major;
    this.primary = primary;
    settings.put("fsync", "off");
    settings.put("wal_level", "replica");
    settings.put("max_wal_senders", "50");
    settings.put("max_replication_slots", "50");
    settings.put("shared_buffers", "32MB");
    settings.put("hot_standby", "on");
    settings.put("log_line_prefix", "%m [%p] %b ");
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
  }

  /// A row of postgresql.conf, the value unquoted: `setting("wal_keep_size", "1GB")`.
  public PostgresServerBuilder setting(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /// fsync as in production, for benchmarks and whatever kills more than processes.
  public PostgresServerBuilder durable() {
    return setting("fsync", "on");
  }

  /// 1 to 1024, a power of two.
  public PostgresServerBuilder walSegmentMegabytes(int megabytes) {
    this.walSegmentMegabytes = megabytes;
    return this;
  }

  /// Further options of initdb, such as `--no-data-checksums`.
  public PostgresServerBuilder initdb(String... options) {
    initdbOptions.addAll(List.of(options));
    return this;
  }

  /// Further words of the command that starts the server, such as `-b`.
  public PostgresServerBuilder options(String... words) {
    options.addAll(List.of(words));
    return this;
  }

  /// The whole of pg_hba.conf in place of the default's.
  public PostgresServerBuilder hba(String... lines) {
    hba = List.of(lines);
    return this;
  }

  /// This port in place of any free one.
  public PostgresServerBuilder port(int fixed) {
    this.port = fixed;
    return this;
  }

  /// The directory that shall hold data, log and socket; must not exist. Default: one in the cache.
  public PostgresServerBuilder home(Path directory) {
    this.home = directory;
    return this;
  }

  /// Leaves the files where they are when the server is closed.
  public PostgresServerBuilder keepFiles() {
    keepFiles = true;
    return this;
  }

  /// The server with its data directory made, not yet running.
  public PostgresServer create() {
    var serverHome = home == null ? ServerHome.fresh() : ServerHome.at(home);
    var reservation = port == 0 ? PortReservation.any() : null;
    var server =
        new PostgresServer(
            major, serverHome, reservation == null ? port : reservation.port(), reservation);
    server.keepFiles(keepFiles);
    server.startWith(options);
    try {
      makeDataDirectory(serverHome.data());
    } catch (IOException e) {
      throw new UncheckedIOException("could not make \"" + serverHome.data() + "\"", e);
    }
    settings.put("port", String.valueOf(server.port()));
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("unix_socket_directories", serverHome.directory().toString());
    server.configure(settings);
    return server;
  }

  /// The server, running and ready for connections.
  public PostgresServer start() {
    var server = create();
    try {
      server.start();
    } catch (RuntimeException e) {
      server.keepFiles(true); // somebody will want to read the log
      server.close();
      throw e;
    }
    return server;
  }

  private void makeDataDirectory(Path data) throws IOException {
    if (primary == null) {
      DataDirectoryTemplate.copyTo(data, major, walSegmentMegabytes, initdbOptions);
      write(data.resolve("pg_hba.conf"), String.join("\n", hba) + "\n");
      Files.writeString(
          data.resolve("postgresql.conf"),
          Files.readString(data.resolve("postgresql.conf"))
              + "\ninclude '%s'\n".formatted(PostgresServer.CONFIGURATION_FILE));
    } else {
      BaseBackup.take(primary, data);
      write(data.resolve("standby.signal"), "");
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    ServerUser.current().own(file);
  }
}
