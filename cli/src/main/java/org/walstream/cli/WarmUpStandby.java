package org.walstream.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.walstream.node.Node;
import org.walstream.node.NodeDirectory;
import org.walstream.wal.WalSegmentName;

/// The part of [WarmUpReplay] that only a standby does: it connects, streams the last segment of
/// the sample from a node, is asked for its state, and is promoted. Without it the classes of all
/// that would be read, checked and interpreted while the standby catches up.
final class WarmUpStandby {

  private static final String STREAMED = "000000010000000000000009";
  private static final String TRUST = "host all,replication all 127.0.0.1/32 trust\n";

  private static final FileAttribute<?> OWNERS_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// So often is it asked: the first question takes longest.
  private static final int QUESTIONS = 5;

  private static final Duration LOOK = Duration.ofMillis(50);

  private WarmUpStandby() {}

  static void run(Path directory) throws Exception {
    Path data = Files.createDirectory(directory.resolve("standby"));
    WarmUpReplay.unpack(data);
    var upstream = new NodeDirectory(directory.resolve("upstream"));
    upstream.create(List.of("listen_addresses = '127.0.0.1'"));
    Files.writeString(upstream.hbaFile(), TRUST);
    Files.writeString(upstream.usersFile(), "\"warm\" \"\" replication monitor\n");
    Path last = data.resolve("pg_wal").resolve(STREAMED);
    Files.copy(last, upstream.walDirectory().resolve(STREAMED + WalSegmentName.PARTIAL_SUFFIX));
    Files.delete(last);
    try (Node node = Node.start(upstream, Map.of("port", "0"))) {
      run(data, "host=127.0.0.1 user=warm port=" + node.port());
    }
  }

  private static void run(Path data, String upstream) throws Exception {
    int port = freePort();
    Files.writeString(
        data.resolve("postgresql.conf"),
        """
        primary_conninfo = '%s'
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = ''
        """
            .formatted(upstream, port));
    Files.writeString(data.resolve("pg_hba.conf"), TRUST);
    Path users = Files.createFile(data.resolve("walstream.users"), OWNERS_ALONE);
    Files.writeString(users, "\"warm\" \"\" superuser\n");
    Files.createFile(data.resolve("standby.signal"));
    var standby =
        CompletableFuture.supplyAsync(
            () -> quietly("standby", "-D", data.toString()),
            task -> Thread.ofPlatform().daemon().start(task));
    for (int answers = 0; answers < QUESTIONS && !standby.isDone(); ) {
      Thread.sleep(LOOK);
      if (quietly("status", "-d", "host=127.0.0.1 user=warm port=" + port) == 0) {
        answers++;
      }
    }
    promote(data);
    if (standby.get() != 0) {
      throw new IOException("the sample's standby has failed");
    }
  }

  /// By a signal to ourselves: the command waits for the end of a process.
  private static void promote(Path data) throws Exception {
    Files.createFile(data.resolve("promote"));
    new ProcessBuilder("kill", "-USR1", String.valueOf(ProcessHandle.current().pid()))
        .inheritIO()
        .start()
        .waitFor();
  }

  private static int quietly(String... words) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Main(nowhere, nowhere).run(List.of(words));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
