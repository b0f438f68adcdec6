package org.walstream.standby;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.walstream.file.FileLayer;
import org.walstream.receive.ReceiveException;
import org.walstream.receive.ReceiveOptions;
import org.walstream.receive.ReplicationSession;
import org.walstream.receive.WalReceiver;
import org.walstream.receive.backup.BaseBackup;
import org.walstream.receive.backup.BaseBackupListener;
import org.walstream.receive.backup.UnfinishedBackup;
import org.walstream.redo.recovery.PostmasterPid;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.StopSignal;

/// Makes a standby's directory of an empty one: a base backup of the primary, the WAL that it
/// needs, `standby.signal`, and how the primary is reached.
///
/// ```
///   backup's connection    slot ── BASE_BACKUP ────────────▶ held
///   another                                 WAL, start to end ▶
///   directory              marked unfinished … files … WAL … configuration … pg_control, mark away
/// ```
///
/// A temporary slot keeps the WAL on the primary meanwhile. What is broken off at whatever moment
/// is no data directory; the next attempt begins anew.
///
/// Counterpart of `pg_basebackup -R -X stream`.
public final class DirectoryFill {

  private static final String AUTO_CONF = "postgresql.auto.conf";

  private final Path data;
  private final StandbySettings.Upstream upstream;
  private final String primaryConninfo;
  private final UnaryOperator<String> mapping;
  private final RecoveryListener listener;
  private final BaseBackupListener progress;

  /// @param upstream the primary; its slot is made unless it is there
  /// @param primaryConninfo how the configuration is to name the primary
  /// @param mapping where a tablespace goes, from where the primary has it
  public DirectoryFill(
      Path data,
      StandbySettings.Upstream upstream,
      String primaryConninfo,
      UnaryOperator<String> mapping,
      RecoveryListener listener,
      BaseBackupListener progress) {
    this.data = data;
    this.upstream = upstream;
    this.primaryConninfo = primaryConninfo;
    this.mapping = mapping;
    this.listener = listener;
    this.progress = progress;
  }

  /// Whether there is nothing in the directory yet, or no more than an attempt has left.
  public static boolean isWanted(Path data) throws IOException {
    return !Files.exists(data) || isEmpty(data) || UnfinishedBackup.isThere(data);
  }

  private static boolean isEmpty(Path data) throws IOException {
    return Set.of(PostmasterPid.FILE_NAME).containsAll(FileLayer.system().list(data));
  }

  /// Fills it.
  ///
  /// @throws IOException when that has failed; the directory is empty again, or says of itself that
  ///   it is unfinished
  public void run() throws IOException {
    var environment = LibpqEnvironment.ofProcess(listener::warning);
    try (var session =
        ReplicationSession.connect(upstream.conninfo(), environment, new StopSignal())) {
      FileLayer files = layer(session);
      files.createDirectory(data);
      try (var _ = PostmasterPid.take(data)) {
        clear(files);
        fill(session, files, environment);
      }
    }
  }

  /// Whether the group may read files is as on the primary.
  private static FileLayer layer(ReplicationSession session) throws IOException {
    return session.show("data_directory_mode").endsWith("750")
        ? FileLayer.systemWithGroupAccess()
        : FileLayer.system();
  }

  private void clear(FileLayer files) throws IOException {
    if (UnfinishedBackup.isThere(data)) {
      listener.log("removing what an unfinished base backup has left in \"%s\"".formatted(data));
      UnfinishedBackup.remove(files, data, Set.of(PostmasterPid.FILE_NAME));
    } else if (!isEmpty(data)) {
      throw new IOException("directory \"%s\" exists but is not empty".formatted(data));
    }
  }

  private void fill(ReplicationSession session, FileLayer files, LibpqEnvironment environment)
      throws IOException {
    long systemIdentifier = session.identifySystem().systemIdentifier();
    WalSegmentSize segmentSize = session.walSegmentSize();
    session.createSlot("walstream_backup_" + ProcessHandle.current().pid(), true, false);
    if (upstream.slot().isPresent()) {
      session.createSlot(upstream.slot().get(), false, true);
    }
    listener.log("taking a base backup of the primary");
    boolean published = false;
    try (var backup = new BaseBackup(session, files, data, mapping, progress)) {
      BaseBackup.Taken taken = backup.take("walstream standby");
      listener.log(
          "base backup from %s to %s has come, %d MB; its WAL is fetched"
              .formatted(taken.start(), taken.end(), taken.bytes() >> 20));
      receive(files, environment, systemIdentifier, segmentSize, taken);
      configure(files);
      backup.publish();
      published = true;
      listener.log("directory \"%s\" is a standby's".formatted(data));
    } finally {
      if (!published && UnfinishedBackup.isThere(data)) {
        UnfinishedBackup.remove(files, data, Set.of(PostmasterPid.FILE_NAME));
      }
    }
  }

  /// With the slot that the standby will go on with, so that from here on nothing is lost to it.
  private void receive(
      FileLayer files,
      LibpqEnvironment environment,
      long systemIdentifier,
      WalSegmentSize segmentSize,
      BaseBackup.Taken taken)
      throws IOException {
    ReceiveOptions.Builder options =
        ReceiveOptions.from(upstream.conninfo(), environment)
            .synchronous(true)
            .retry(false)
            .systemIdentifier(systemIdentifier)
            .statusInterval(upstream.statusInterval())
            .receiverTimeout(upstream.timeout())
            .endLsn(taken.end().lsn() - 1);
    upstream.slot().ifPresent(options::slot);
    var sink =
        new PgWalSink(
            files,
            data.resolve("pg_wal"),
            ArchiveMode.OFF,
            new SpareSegments(files, data.resolve("pg_wal"), segmentSize),
            (_, _) -> {},
            taken.start(),
            () -> 0,
            next -> {
              throw new ReceiveException(
                  "the primary went over to timeline %s while it was backed up"
                      .formatted(next.timeline()));
            },
            () -> {});
    try {
      new WalReceiver(options.build(), sink, new ReceiverLog()).run();
    } finally {
      sink.close();
    }
  }

  private void configure(FileLayer files) throws IOException {
    files.create(data.resolve(Standby.STANDBY_SIGNAL)).close();
    Path file = data.resolve(AUTO_CONF);
    var text = new StringBuilder(Files.exists(file) ? Files.readString(file) : "");
    text.append(row("primary_conninfo", primaryConninfo));
    upstream.slot().ifPresent(name -> text.append(row("primary_slot_name", name)));
    files.replace(file, ByteBuffer.wrap(text.toString().getBytes(UTF_8)));
  }

  private static String row(String name, String value) {
    return "%s = '%s'\n".formatted(name, value.replace("'", "''"));
  }
}
