package org.walstream.receive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.walstream.file.FileLayer;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalStore;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.StopSignal;

/// `walstream receive` without its flags: WAL from a server into a directory.
///
/// Counterpart of main(), src/bin/pg_basebackup/pg_receivewal.c. [#run] belongs to one platform
/// thread, [#stop] to any.
public final class ReceiveJob {

  private final Path directory;
  private final ReceiveOptions options;
  private final StoreOptions storeOptions;
  private final ReceiveListener listener;

  private final StopSignal stop = new StopSignal();
  private volatile Optional<WalReceiver> receiver = Optional.empty();

  public ReceiveJob(
      Path directory, ReceiveOptions options, StoreOptions storeOptions, ReceiveListener listener) {
    this.directory = directory;
    this.options = options;
    this.storeOptions = storeOptions;
    this.listener = listener;
  }

  /// Makes a physical slot, which keeps WAL from when it is first streamed from.
  public static void createSlot(
      ConnInfo conninfo,
      LibpqEnvironment environment,
      String slot,
      boolean ifNotExists,
      StopSignal stop)
      throws IOException {
    try (var session = ReplicationSession.connect(conninfo, environment, stop);
        var _ = stop.during(session)) {
      session.identifySystem();
      session.createSlot(slot, false, ifNotExists);
    }
  }

  public static void dropSlot(
      ConnInfo conninfo, LibpqEnvironment environment, String slot, StopSignal stop)
      throws IOException {
    try (var session = ReplicationSession.connect(conninfo, environment, stop);
        var _ = stop.during(session)) {
      session.identifySystem();
      session.dropSlot(slot);
    }
  }

  /// Receives until [#stop], the end asked for, or a failure that ends the job.
  ///
  /// A server that cannot be reached at the very beginning is such a failure, whatever the options
  /// say: somebody is there to see it. Later on, disconnects are waited out.
  ///
  /// @throws org.walstream.wire.transport.StoppedException if it was stopped before it had reached
  ///   a server
  public WalReceiver.Outcome run() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new ReceiveException(
          "could not open directory \"%s\": %s"
              .formatted(
                  directory,
                  Files.exists(directory) ? "Not a directory" : "No such file or directory"));
    }
    StoreOptions adapted = storeOptions.withFiles(fileLayer());
    try (var store = WalStore.open(directory, adapted)) {
      var created = new WalReceiver(options, new StoreSink(store), listener);
      receiver = Optional.of(created);
      try (var _ = stop.during(created::stop)) {
        return created.run();
      }
    }
  }

  /// Asks the server, so that its first answer comes before anything is touched, whether the
  /// cluster's files may be read by their group, as then ours may.
  private FileLayer fileLayer() throws IOException {
    try (var session = ReplicationSession.connect(options.conninfo(), options.environment(), stop);
        var _ = stop.during(session)) {
      session.identifySystem();
      boolean group = session.show("data_directory_mode").equals("0750");
      return group && storeOptions.files().equals(StoreOptions.DEFAULT.files())
          ? FileLayer.systemWithGroupAccess()
          : storeOptions.files();
    } catch (IOException e) {
      stop.check();
      throw e;
    }
  }

  /// Ends the job: what has been received is flushed and acknowledged first. Returns at once.
  public void stop() {
    stop.raise();
  }

  /// The receiver's state; empty before there is one.
  public Optional<WalReceiverStatus> status() {
    return receiver.map(WalReceiver::status);
  }
}
