package org.walstream.receive.backup;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.walstream.file.FileLayer;
import org.walstream.receive.ReceiveException;
import org.walstream.receive.ReplicationCommandException;
import org.walstream.receive.ReplicationSession;
import org.walstream.receive.WalPosition;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wire.PostgresException;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.client.Answer;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.client.QueryResult;

/// Takes a base backup of a server and unpacks it into a directory. What is there then is whole and
/// proven, but for the WAL from [Taken#start] to [Taken#end], which is the caller's to fetch before
/// he has it [published][#publish].
///
/// ```
///   BASE_BACKUP ( … )
///     ◀ where it starts            one row
///     ◀ tablespaces                rows
///     ◀ CopyData 'n' name          an archive begins
///                'd' bytes         of the archive, or of the manifest
///                'm'               the manifest begins
///                'p' bytes done
///     ◀ where it ends              one row
/// ```
///
/// Counterpart of BaseBackup(), src/bin/pg_basebackup/pg_basebackup.c.
public final class BaseBackup implements Closeable {

  private static final byte ARCHIVE = 'n';
  private static final byte MANIFEST = 'm';
  private static final byte DATA = 'd';
  private static final byte PROGRESS = 'p';

  private static final long PROGRESS_BYTES = 1 << 20;

  /// What has been taken.
  ///
  /// @param start where recovery begins
  /// @param end how far it must come at least
  /// @param bytes of all archives
  public record Taken(WalPosition start, WalPosition end, long bytes) {}

  private final ReplicationSession session;
  private final PlainBackup backup;
  private final BaseBackupListener listener;
  private final TarStream tar;
  private final ByteArrayOutputStream manifest = new ByteArrayOutputStream();
  private boolean inManifest;
  private long doneBytes;
  private long toldBytes;
  private long totalBytes;

  /// @param directory empty, or absent
  /// @param mapping where a tablespace goes, from where the server has it
  public BaseBackup(
      ReplicationSession session,
      FileLayer files,
      Path directory,
      UnaryOperator<String> mapping,
      BaseBackupListener listener) {
    this.session = session;
    this.backup = new PlainBackup(files, directory, mapping);
    this.listener = listener;
    this.tar = new TarStream(backup);
  }

  /// Takes it.
  ///
  /// @throws IOException when it could not be taken whole, or is not what its manifest says
  public Taken take(String label) throws IOException {
    backup.begin();
    PgClient client = session.client();
    client.send(
        ("BASE_BACKUP (LABEL '%s', PROGRESS, CHECKPOINT 'fast', WAIT 0, MANIFEST 'yes',"
                + " MANIFEST_CHECKSUMS 'CRC32C', TARGET 'client')")
            .formatted(label.replace("'", "''")));
    try {
      WalPosition start = position(result(client));
      for (BackupTablespace tablespace : tablespaces(result(client))) {
        backup.expect(tablespace);
        totalBytes += tablespace.kilobytes() << 10;
      }
      if (!(client.nextAnswer() instanceof Answer.Copy)) {
        throw new ProtocolViolation("could not get COPY data stream of the base backup");
      }
      for (ByteBuffer message = client.nextCopyData();
          message != null;
          message = client.nextCopyData()) {
        take(message);
      }
      endArchive();
      WalPosition end = position(result(client));
      finish(client);
      backup.complete(manifest.toByteArray());
      return new Taken(start, end, doneBytes);
    } catch (PostgresException | EOFException e) {
      throw new ReplicationCommandException("BASE_BACKUP", e);
    }
  }

  private static QueryResult result(PgClient client) throws IOException {
    if (client.nextAnswer() instanceof Answer.Result(QueryResult result)) {
      return result;
    }
    throw new ProtocolViolation("unexpected answer to BASE_BACKUP");
  }

  private static void finish(PgClient client) throws IOException {
    while (!(client.nextAnswer() instanceof Answer.Ready)) {
      // the word that it is done
    }
  }

  private static WalPosition position(QueryResult row) throws ReceiveException {
    String lsn = row.rows().size() == 1 ? row.text(0, 0) : null;
    String timeline = lsn == null ? null : row.text(0, 1);
    if (lsn == null || timeline == null) {
      throw new ReceiveException("unexpected answer to BASE_BACKUP: no position");
    }
    return new WalPosition(TimelineId.parse(timeline), Lsn.parse(lsn).value());
  }

  private static List<BackupTablespace> tablespaces(QueryResult result) {
    var tablespaces = new ArrayList<BackupTablespace>();
    for (int row = 0; row < result.rows().size(); row++) {
      String oid = result.text(row, 0);
      String location = result.text(row, 1);
      String kilobytes = result.text(row, 2);
      tablespaces.add(
          new BackupTablespace(
              oid == null ? "" : oid,
              location == null ? "" : location,
              kilobytes == null ? 0 : Long.parseLong(kilobytes)));
    }
    return tablespaces;
  }

  private void take(ByteBuffer message) throws IOException {
    if (!message.hasRemaining()) {
      throw new ProtocolViolation("empty CopyData message in a base backup");
    }
    byte kind = message.get();
    switch (kind) {
      case ARCHIVE -> {
        endArchive();
        backup.archive(string(message));
      }
      case MANIFEST -> {
        endArchive();
        inManifest = true;
      }
      case DATA -> data(message);
      case PROGRESS -> {} // counted here
      default ->
          throw new ProtocolViolation(
              "unexpected message '%c' in a base backup".formatted((char) kind));
    }
  }

  private void data(ByteBuffer message) throws IOException {
    if (inManifest) {
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      manifest.write(bytes);
      return;
    }
    doneBytes += message.remaining();
    tar.feed(message);
    if (doneBytes - toldBytes >= PROGRESS_BYTES) {
      toldBytes = doneBytes;
      listener.progress(doneBytes, Math.max(totalBytes, doneBytes));
    }
  }

  private void endArchive() throws IOException {
    if (!inManifest) {
      tar.end();
    }
  }

  private static String string(ByteBuffer message) {
    var bytes = new ByteArrayOutputStream();
    for (byte b = message.get(); b != 0; b = message.get()) {
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// Makes the directory a data directory, durably: from now on a server would take it.
  public void publish() throws IOException {
    backup.publish();
  }

  @Override
  public void close() throws IOException {
    backup.close();
  }
}
