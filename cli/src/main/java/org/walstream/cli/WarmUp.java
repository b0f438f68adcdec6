package org.walstream.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.walstream.node.Node;
import org.walstream.node.NodeDirectory;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalStore;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.WalVerifier;

/// The hidden command `warm-up`: goes through what the program does at its start, so that the JVM's
/// ahead-of-time cache, made from this run, holds the classes and profiles of a real start
/// (scripts/build-app).
///
/// It runs an empty node on a free port of the loopback address, has a receiver connect to it,
/// which the node refuses for it has no WAL, puts a megabyte through a store, and dumps a little
/// WAL of PostgreSQL 18 (`warm-up.wal.gz`). Everything lies in the directory it is given.
final class WarmUp implements Subcommand {

  private static final int MEGABYTE = 1 << 20;
  private static final WalSegmentSize SEGMENT = new WalSegmentSize(MEGABYTE);

  @Override
  public String name() {
    return "warm-up";
  }

  @Override
  public String summary() {
    return "trains the ahead-of-time cache";
  }

  /// @param arguments a directory to work in, which must exist
  @Override
  public int run(List<String> arguments) throws Exception {
    Path directory = Path.of(arguments.getFirst());
    helps();
    store(Files.createDirectory(directory.resolve("store")));
    node(directory);
    dump(Files.createDirectory(directory.resolve("dump")));
    return 0;
  }

  private static void helps() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    for (List<String> words :
        List.of(
            List.of("--version"),
            List.of("help"),
            List.of("receive", "--help"),
            List.of("init", "--help"))) {
      Main.run(words, nowhere);
    }
  }

  private static void store(Path directory) throws IOException {
    long start = SEGMENT.start(1);
    var verifier = new WalVerifier(SEGMENT, 1, TimelineId.FIRST);
    verifier.start(start);
    try (var store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      var log = store.openLog(1, SEGMENT, TimelineId.FIRST, start);
      var zeros = ByteBuffer.allocateDirect(MEGABYTE);
      if (verifier.feed(start, zeros)) {
        throw new IllegalStateException("zeros are not WAL");
      }
      log.append(start, zeros);
      log.requestFlush();
    }
  }

  private static void node(Path directory) throws Exception {
    var nodeDirectory = new NodeDirectory(directory.resolve("node"));
    nodeDirectory.create(List.of("listen_addresses = '127.0.0.1'"));
    Files.writeString(nodeDirectory.hbaFile(), "host all,replication all 127.0.0.1/32 trust\n");
    Files.writeString(nodeDirectory.usersFile(), "\"warm\" \"\" replication monitor\n");
    Path received = Files.createDirectory(directory.resolve("received"));
    try (Node node = Node.start(nodeDirectory, Map.of("port", "0"))) {
      String conninfo = "host=127.0.0.1 user=warm port=" + node.port();
      Main.run(List.of("receive", "-n", "-D", received.toString(), "-d", conninfo), System.out);
    }
  }

  /// The beginning of a segment: that it ends early is said, and as well.
  private static void dump(Path directory) throws IOException {
    Path segment = directory.resolve("00000001000000000000001A");
    try (var sample = WarmUp.class.getResourceAsStream("warm-up.wal.gz")) {
      Files.copy(new GZIPInputStream(Objects.requireNonNull(sample)), segment);
    }
    for (List<String> words :
        List.of(List.of("waldump", "-z"), List.of("waldump"), List.of("waldump", "-b"))) {
      var all = new ArrayList<>(words);
      all.addAll(List.of("-p", directory.toString(), "-s", "0/1A00000"));
      Main.run(all, System.out);
    }
  }
}
