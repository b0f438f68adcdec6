package org.walstream.standby.supply;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFile;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.record.EndOfWal;
import org.walstream.wal.record.WalSegmentSource;
import org.walstream.wal.record.XLogLongPageHeader;

/// Puts WAL from elsewhere into `pg_wal`, durably, one segment at a time: replay reads it there
/// alone, and whoever goes on with the directory finds it. Of one segment counts, in this order:
///
/// ```
///   1. a finished file in a --wal directory, plain or compressed
///   2. what restore_command fetches
///   3. the file in pg_wal, or a .partial one in a --wal directory that has more WAL
/// ```
///
/// An archive's file is preferred to that in `pg_wal` as PostgreSQL does: what a backup or a
/// receiver has left there may be unfinished, or recycled.
///
/// [#place] may be called by several threads for different segments: they copy at the same time,
/// but only one command runs at a time. All else is one thread's.
public final class WalPlacement {

  private static final int CHUNK_BYTES = 1 << 20;

  /// As a server has restore_command call what it fetches, and removes it. Not as a server calls a
  /// segment that it makes: those are removed while WAL is fetched ahead already.
  private static final String RESTORED_SEGMENT = "RECOVERYXLOG";

  /// What is being copied is called by this and its segment's name.
  private static final String COPIED_PREFIX = RESTORED_SEGMENT + ".";

  private static final String RESTORED_HISTORY = "RECOVERYHISTORY";
  private static final String NO_SEGMENT = "0".repeat(24);

  private final FileLayer files;
  private final SegmentDirectory own;
  private final List<SegmentDirectory> archives;
  private final @Nullable RestoreCommand restore;
  private final ArchiveMode archiveMode;
  private final ControlFile control;
  private final WalSegmentSize segmentSize;
  private final Collection<WalSegmentName> placed = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<ByteBuffer> chunks =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN));
  private final Object restoring = new Object();
  private volatile String oldestNeeded = NO_SEGMENT;

  private final boolean waits;
  private final RecoveryListener listener;

  /// The last segment that was another cluster's and has been told of. Guarded by `restoring`.
  private @Nullable WalSegmentName toldOf;

  /// @param restore null without one
  /// @param waits whether what the archive does not have is waited for, as by a standby: a file
  ///   that `restore` has brought and that is too short is not there yet, and another cluster's is
  ///   not there, which is told once. Otherwise recovery ends with either
  public WalPlacement(
      FileLayer files,
      Path dataDirectory,
      List<Path> archives,
      @Nullable RestoreCommand restore,
      ArchiveMode archiveMode,
      ControlFile control,
      boolean waits,
      RecoveryListener listener) {
    this.files = files;
    this.own = new SegmentDirectory(files, dataDirectory.resolve("pg_wal"));
    this.archives = archives.stream().map(path -> new SegmentDirectory(files, path)).toList();
    this.restore = restore;
    this.archiveMode = archiveMode;
    this.control = control;
    this.waits = waits;
    this.listener = listener;
    this.segmentSize = control.layout().walSegmentSize();
  }

  SegmentDirectory own() {
    return own;
  }

  WalSegmentSize segmentSize() {
    return segmentSize;
  }

  /// Looks whose WAL the directories have, before any of it is wanted, and clears away what a copy
  /// that was interrupted has left.
  ///
  /// @throws RecoveryException if it is another cluster's
  public void requireOurs() throws IOException {
    for (String name : files.list(own.path())) {
      if (name.startsWith(COPIED_PREFIX)) {
        files.delete(own.path().resolve(name));
      }
    }
    for (SegmentDirectory archive : archives) {
      Optional<SegmentIdentity> identity = archive.identity();
      if (identity.isPresent()) {
        requireOurs(identity.get().systemIdentifier(), archive.path());
      }
    }
  }

  private void requireOurs(long systemIdentifier, Path where) throws RecoveryException {
    if (systemIdentifier != control.systemIdentifier()) {
      throw new RecoveryException(
          "WAL file is from different database system: WAL file database system identifier is %s, pg_control database system identifier is %s"
              .formatted(
                  Long.toUnsignedString(systemIdentifier),
                  Long.toUnsignedString(control.systemIdentifier())),
          "It is in \"%s\".".formatted(where),
          "Give the WAL of the server that this directory is of.");
    }
  }

  /// Puts the segment into `pg_wal`.
  ///
  /// @return whether it is there now
  boolean place(WalSegmentName segment) throws IOException {
    for (SegmentDirectory archive : archives) {
      SegmentFileName name = archive.findFinished(segment);
      if (name != null && !isOwn(archive)) {
        copy(archive, name);
        return true;
      }
    }
    if (restore != null && restore(restore, segment)) {
      return true;
    }
    boolean here = files.exists(own.resolve(SegmentFileName.finished(segment)));
    for (SegmentDirectory archive : archives) {
      SegmentFileName name = archive.find(segment);
      if (name != null
          && !isOwn(archive)
          && (!here || Lsn.isAfter(end(archive, segment), end(own, segment)))) {
        copy(archive, name);
        here = true;
      }
    }
    return here;
  }

  private boolean isOwn(SegmentDirectory archive) throws IOException {
    return archive.path().toRealPath().equals(own.path().toRealPath());
  }

  /// Where the valid WAL in a directory's file of this segment ends.
  private long end(SegmentDirectory directory, WalSegmentName segment) throws IOException {
    try (var reader = new SegmentReader(directory)) {
      WalSegmentSource only =
          (name, offset, into) ->
              name.equals(segment) ? reader.read(name, offset, into) : WalSegmentSource.ABSENT;
      return EndOfWal.searchFromSegment(
              only,
              segmentSize,
              control.systemIdentifier(),
              TimelineHistory.ofFirst(segment.timeline()),
              segment.startLsn())
          .endLsn();
    }
  }

  private void copy(SegmentDirectory archive, SegmentFileName name) throws IOException {
    Path temporary = own.path().resolve(COPIED_PREFIX + name.segment().fileName());
    files.delete(temporary);
    try (SegmentFile from = archive.open(name);
        OpenFile to = files.create(temporary)) {
      if (from == null) {
        throw new IOException("\"%s\" has gone".formatted(archive.resolve(name)));
      }
      int size = copy(from, to, archive.resolve(name));
      if (name.isFinished() && size != segmentSize.bytes()) {
        throw wrongSize(name.fileName(), size);
      }
      files.reserve(temporary, segmentSize.bytes());
      to.force();
    }
    keep(temporary, name.segment());
  }

  private int copy(SegmentFile from, OpenFile to, Path named) throws IOException {
    ByteBuffer chunk = chunks.get();
    int size = 0;
    while (from.read(size, chunk.clear()) > 0) {
      chunk.flip();
      if (size == 0) {
        requireOurs(chunk, named);
      }
      int length = chunk.remaining();
      to.write(chunk, size);
      size += length;
    }
    return size;
  }

  private boolean restore(RestoreCommand command, WalSegmentName segment) throws IOException {
    synchronized (restoring) {
      return restoreAlone(command, segment);
    }
  }

  private boolean restoreAlone(RestoreCommand command, WalSegmentName segment) throws IOException {
    if (!command.restore(segment.fileName(), "pg_wal/" + RESTORED_SEGMENT, oldestNeeded)) {
      return false;
    }
    Path restored = own.path().resolve(RESTORED_SEGMENT);
    long size = files.size(restored);
    if (size < segmentSize.bytes() && waits) {
      return false; // somebody is copying it into the archive
    }
    if (size != segmentSize.bytes()) {
      throw wrongSize(segment.fileName(), size);
    }
    ByteBuffer chunk = chunks.get();
    try (OpenFile file = files.open(restored)) {
      file.read(chunk.clear().limit(XLogLongPageHeader.LENGTH), 0);
      requireOurs(chunk.flip(), restored);
      file.force();
    } catch (RecoveryException foreign) {
      if (!waits) {
        throw foreign;
      }
      tell(segment, foreign);
      return false;
    }
    keep(restored, segment);
    logRestored(segment.fileName());
    return true;
  }

  private void tell(WalSegmentName segment, RecoveryException foreign) {
    if (!segment.equals(toldOf)) {
      toldOf = segment;
      listener.log("%s (segment %s)".formatted(foreign.getMessage(), segment));
    }
  }

  private void logRestored(String file) {
    listener.log("restored log file \"%s\" from archive".formatted(file));
  }

  private void keep(Path file, WalSegmentName segment) throws IOException {
    files.rename(file, own.resolve(SegmentFileName.finished(segment)));
    files.forceDirectory(own.path());
    archiveMode.received(files, own.path(), segment.fileName());
    placed.add(segment);
  }

  /// What cannot be read as the first page of a segment is left for the reader to tell.
  private void requireOurs(ByteBuffer start, Path file) throws RecoveryException {
    if (start.remaining() < XLogLongPageHeader.LENGTH) {
      return;
    }
    XLogLongPageHeader header = XLogLongPageHeader.read(start, 0);
    if (WalFormat.ofPageMagic(header.std().magic()).isPresent() && header.std().isLong()) {
      requireOurs(header.systemIdentifier(), file);
    }
  }

  private RecoveryException wrongSize(String name, long size) {
    return new RecoveryException(
        "archive file \"%s\" has wrong size: %d instead of %d"
            .formatted(name, size, segmentSize.bytes()),
        "Remove the file if it is damaged, or give a whole one.");
  }

  /// A timeline's history, put into `pg_wal` if it is not there; empty when nobody has it.
  Optional<TimelineHistory> history(TimelineId timeline) throws IOException {
    if (timeline.equals(TimelineId.FIRST)) {
      return Optional.of(TimelineHistory.ofFirst(timeline));
    }
    Optional<byte[]> file = historyFile(timeline);
    if (file.isEmpty()) {
      return own.history(timeline);
    }
    TimelineHistory history = TimelineHistory.parse(timeline, file.get());
    files.replace(own.path().resolve(timeline.historyFileName()), ByteBuffer.wrap(file.get()));
    archiveMode.received(files, own.path(), timeline.historyFileName());
    return Optional.of(history);
  }

  private Optional<byte[]> historyFile(TimelineId timeline) throws IOException {
    for (SegmentDirectory archive : archives) {
      Optional<byte[]> file = archive.historyFile(timeline);
      if (file.isPresent()) {
        return file;
      }
    }
    if (restore == null
        || !restore.restore(
            timeline.historyFileName(), "pg_wal/" + RESTORED_HISTORY, oldestNeeded)) {
      return Optional.empty();
    }
    Path restored = own.path().resolve(RESTORED_HISTORY);
    byte[] bytes = Files.readAllBytes(restored);
    files.delete(restored);
    logRestored(timeline.historyFileName());
    return Optional.of(bytes);
  }

  /// What restore_command is told of what is needed still.
  void neededFrom(long redoLsn, TimelineId timeline) {
    oldestNeeded = WalSegmentName.containing(timeline, redoLsn, segmentSize).fileName();
  }

  String oldestNeeded() {
    return oldestNeeded;
  }

  /// Removes the segments that have been put there and that end at `redoLsn` or before.
  void removeBefore(long redoLsn) throws IOException {
    for (var segments = placed.iterator(); segments.hasNext(); ) {
      WalSegmentName segment = segments.next();
      if (!Lsn.isAfter(segment.endLsn(), redoLsn)) {
        files.delete(own.resolve(SegmentFileName.finished(segment)));
        ArchiveMode.forget(files, own.path(), segment.fileName());
        segments.remove();
      }
    }
  }

  /// Where the WAL ends that the --wal directories have, as far as names tell; 0 when they do not.
  public long knownEnd() throws IOException {
    long end = 0;
    for (SegmentDirectory archive : archives) {
      Optional<SegmentFileName> newest = archive.newest(segmentSize);
      if (newest.isPresent()) {
        end = Lsn.max(end, newest.get().segment().endLsn());
      }
    }
    return end;
  }
}
