package org.walstream.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.walstream.file.FileLayer;
import org.walstream.node.config.Configuration;
import org.walstream.node.config.ConfigurationException;
import org.walstream.receive.ReceiveOptions;
import org.walstream.send.hba.HbaException;
import org.walstream.send.hba.User;
import org.walstream.send.server.HbaAccess;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentIdentity;

/// Looks at a node before it starts, or while it runs, and says what is wrong with it and what to
/// do. Changes nothing.
public final class NodeCheck {

  /// With less than this a disk is as good as full: a few segments.
  private static final long DISK_LEAST_BYTES = 128L << 20;

  private final NodeDirectory directory;
  private final List<Finding> findings = new ArrayList<>();

  private NodeCheck(NodeDirectory directory) {
    this.directory = directory;
  }

  /// All findings, in the order in which a node meets them.
  ///
  /// @throws IOException if the directory is not a node's
  public static List<Finding> of(NodeDirectory directory) throws IOException {
    directory.requireNode();
    var check = new NodeCheck(directory);
    check.run();
    return check.findings;
  }

  private void run() throws IOException {
    Optional<NodeSettings> read = settings();
    if (read.isEmpty()) {
      return;
    }
    NodeSettings settings = read.get();
    access(settings);
    boolean runs = process(settings);
    Optional<SegmentIdentity> here = wal();
    disk(settings);
    if (!settings.hasUpstream()) {
      findings.add(
          Finding.warning(
              "upstream",
              "no upstream is set: the node serves what it has and receives nothing",
              "Set \"primary_conninfo\" in walstream.conf."));
      return;
    }
    upstream(settings, here, runs);
  }

  private Optional<NodeSettings> settings() throws IOException {
    try {
      var settings = new NodeSettings(Configuration.load(directory.configurationFile(), Map.of()));
      if (settings.hasUpstream()) {
        settings.receiving();
      }
      findings.add(Finding.ok("configuration", directory.configurationFile() + " is right"));
      return Optional.of(settings);
    } catch (ConfigurationException e) {
      findings.add(
          Finding.error(
              "configuration",
              String.valueOf(e.getMessage()),
              "Correct the line; a node that runs keeps its old settings until it is right."));
      return Optional.empty();
    }
  }

  private void access(NodeSettings settings) {
    try {
      var access = new HbaAccess(settings.accessFiles(directory.path(), directory.usersFile()));
      if (access.users().stream().noneMatch(User::replication)) {
        findings.add(
            Finding.warning(
                "users",
                "no user may replicate: standbys cannot connect",
                "Add one: walstream passwd -D %s --replication NAME"
                    .formatted(ShellWord.quoted(directory.path().toString()))));
      } else if (access.hba().rules().stream()
          .noneMatch(rule -> rule.written().databases().contains("replication"))) {
        findings.add(
            Finding.warning(
                "pg_hba.conf",
                "no line lets replication connections in (\"all\" does not mean them)",
                "Add a line such as: host replication NAME 10.0.0.0/8 scram-sha-256"));
      } else {
        findings.add(
            Finding.ok(
                "access",
                "%d users, %d rules"
                    .formatted(access.users().size(), access.hba().rules().size())));
      }
    } catch (HbaException e) {
      findings.add(
          Finding.error("access", String.valueOf(e.getMessage()), "Correct what is named."));
    }
  }

  /// @return whether a process runs the node
  private boolean process(NodeSettings settings) throws IOException {
    OptionalLong pid = PidFile.runningProcess(directory.pidFile());
    if (pid.isPresent()) {
      findings.add(
          Finding.ok(
              "process", "running (PID %d, port %d)".formatted(pid.getAsLong(), settings.port())));
      return true;
    }
    findings.add(Finding.note("process", "not running"));
    for (String address : settings.listenAddresses()) {
      if (!address.equals("*") && isTaken(address, settings.port())) {
        findings.add(
            Finding.error(
                "port",
                "something else listens on %s port %d".formatted(address, settings.port()),
                "Stop it, or set \"port\" in walstream.conf."));
      }
    }
    return false;
  }

  private static boolean isTaken(String address, int port) throws IOException {
    for (InetAddress each : InetAddress.getAllByName(address)) {
      try (var probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(each, port));
      } catch (IOException taken) {
        return true;
      }
    }
    return false;
  }

  private Optional<SegmentIdentity> wal() throws IOException {
    Path wal = directory.walDirectory();
    if (!Files.isWritable(wal)) {
      findings.add(
          Finding.error(
              "wal",
              "directory \"%s\" cannot be written".formatted(wal),
              "Make it and its files belong to the user who runs the node."));
      return Optional.empty();
    }
    Optional<SegmentIdentity> here = new SegmentDirectory(FileLayer.system(), wal).identity();
    findings.add(
        here.map(identity ->
                Finding.ok(
                    "wal",
                    "WAL of system %s, %d MB a segment (walstream check --wal %s proves it)"
                        .formatted(
                            Long.toUnsignedString(identity.systemIdentifier()),
                            identity.segmentSize().bytes() >> 20,
                            ShellWord.quoted(wal.toString()))))
            .orElseGet(() -> Finding.note("wal", "no WAL yet")));
    return here;
  }

  private void disk(NodeSettings settings) throws IOException {
    FileStore disk = Files.getFileStore(directory.walDirectory());
    long free = disk.getUsableSpace();
    long taken = bytes(directory.walDirectory());
    RetentionHorizon.Limits limits = settings.retention();
    long wanted = Math.max(limits.walKeepBytes(), Math.max(0, limits.maxSlotWalKeepBytes()));
    String space = "%d MB free, %d MB of WAL here".formatted(free >> 20, taken >> 20);
    if (free < DISK_LEAST_BYTES) {
      findings.add(
          Finding.error(
              "disk",
              space,
              "Make space: the node stops receiving when there is none, and goes on by itself"
                  + " when there is again."));
    } else if (free + taken < wanted) {
      findings.add(
          Finding.warning(
              "disk",
              "%s, but \"wal_keep_size\" and \"max_slot_wal_keep_size\" may take %d MB"
                  .formatted(space, wanted >> 20),
              "Lower them, or give the node a larger disk."));
    } else {
      findings.add(Finding.ok("disk", space));
    }
    slots(limits);
  }

  private static long bytes(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
    }
    return bytes;
  }

  private void slots(RetentionHorizon.Limits limits) throws IOException {
    List<ReplicationSlot> slots =
        ReplicationSlots.look(directory.slotsDirectory(), FileLayer.system());
    if (!slots.isEmpty() && limits.maxSlotWalKeepBytes() < 0) {
      findings.add(
          Finding.warning(
              "slots",
              "%d slots may keep WAL without limit: one that is forgotten fills the disk"
                  .formatted(slots.size()),
              "Set \"max_slot_wal_keep_size\" in walstream.conf."));
    }
    for (ReplicationSlot slot : slots) {
      if (slot.invalidation().isPresent()) {
        findings.add(
            Finding.error(
                "slots",
                "slot \"%s\" has lost its WAL (%s)"
                    .formatted(slot.name(), slot.invalidation().get()),
                "Rebuild its standby, and drop the slot."));
      }
    }
  }

  private void upstream(NodeSettings settings, Optional<SegmentIdentity> here, boolean runs) {
    try {
      ReceiveOptions options = settings.receiving();
      OptionalLong system =
          here.isPresent()
              ? OptionalLong.of(here.get().systemIdentifier())
              : options.systemIdentifier();
      findings.addAll(
          new UpstreamCheck(options.conninfo(), options.environment(), options.slot(), system)
              .run(runs));
    } catch (ConfigurationException e) {
      throw new IllegalStateException("settings were checked when they were read", e);
    }
  }
}
