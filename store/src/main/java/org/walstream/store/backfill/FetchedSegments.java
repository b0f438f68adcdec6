package org.walstream.store.backfill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.SequencedSet;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.WalSegmentSource;
import org.walstream.wal.record.WalVerifier;

/// The directory of fetched segments: whole ones, proven when they came, and, until a segment is
/// whole, a file with the name of its first stage. Removed files are never reused, so whoever has
/// one open reads on.
///
/// Bounded: what no slot and no setting keeps is here only as long as it is among the segments used
/// last. Any thread.
final class FetchedSegments {

  /// So many bytes of what nobody promised to keep.
  private static final long UNPROMISED_BYTES_MAX = 1L << 30;

  private static final int SEAM_BYTES = 1 << 16;

  private final FileLayer files;
  private final SegmentDirectory directory;
  private final WalSegmentSize segmentSize;
  private final int unpromisedMax;

  /// The one used last is last. Guarded by this.
  private final SequencedSet<WalSegmentName> present = new LinkedHashSet<>();

  private long promisedFrom;

  private FetchedSegments(FileLayer files, Path path, WalSegmentSize segmentSize) {
    this.files = files;
    this.directory = new SegmentDirectory(files, path);
    this.segmentSize = segmentSize;
    this.unpromisedMax = (int) Math.max(4, UNPROMISED_BYTES_MAX / segmentSize.bytes());
  }

  /// Takes over what an earlier life fetched; what it was fetching goes.
  static FetchedSegments open(FileLayer files, Path path, WalSegmentSize segmentSize)
      throws IOException {
    var fetched = new FetchedSegments(files, path, segmentSize);
    if (!files.exists(path)) {
      return fetched;
    }
    for (SegmentFileName name : fetched.directory.segments(segmentSize)) {
      if (name.isFinished() && fetched.directory.hasFullSize(name)) {
        fetched.present.add(name.segment());
      } else {
        files.delete(fetched.directory.resolve(name));
      }
    }
    return fetched;
  }

  /// Reads what is here; for one thread.
  SegmentReader reader() {
    return SegmentReader.ofFinished(directory);
  }

  synchronized boolean has(WalSegmentName segment) {
    if (!present.remove(segment)) {
      return false;
    }
    if (!files.exists(directory.resolve(SegmentFileName.finished(segment)))) {
      return false; // somebody has removed it
    }
    present.addLast(segment);
    return true;
  }

  synchronized int count() {
    return present.size();
  }

  /// Fetches a segment, proves it, and has it durable under its name on return.
  ///
  /// @param neighbours where the segment after it is looked for: the record that crosses into that
  ///   one is proven too if it is there
  /// @throws CorruptDataException if it is not whole, or not good
  void fetch(
      OlderWal from, long systemIdentifier, WalSegmentName segment, WalSegmentSource neighbours)
      throws IOException {
    SegmentFileName name = SegmentFileName.finished(segment).at(Stage.NEXT);
    Path path = directory.resolve(name);
    makeDirectory();
    files.delete(path);
    var verifier = new WalVerifier(segmentSize, systemIdentifier, segment.timeline());
    verifier.start(segment.startLsn());
    try (OpenFile file = files.create(path)) {
      files.reserve(path, segmentSize.bytes());
      from.fetch(
          systemIdentifier,
          segment,
          (lsn, wal) -> {
            prove(verifier, lsn, wal, segment);
            file.write(wal, lsn - segment.startLsn());
          });
      if (verifier.position() != segment.endLsn()) {
        throw new CorruptDataException(
            "WAL segment %s ended at %s".formatted(segment, Lsn.format(verifier.position())));
      }
      proveSeam(verifier, segment, neighbours);
      file.force();
    } catch (IOException | RuntimeException e) {
      files.delete(path);
      throw e;
    }
    files.rename(path, directory.resolve(name.at(Stage.FINISHED)));
    files.forceDirectory(directory.path());
    keep(segment);
  }

  private void makeDirectory() throws IOException {
    if (!files.exists(directory.path())) {
      files.createDirectory(directory.path());
      files.forceDirectory(Objects.requireNonNull(directory.path().toAbsolutePath().getParent()));
    }
  }

  private static void prove(WalVerifier verifier, long lsn, ByteBuffer wal, WalSegmentName segment)
      throws IOException {
    if (lsn != verifier.position() || Lsn.isAfter(lsn + wal.remaining(), segment.endLsn())) {
      throw new CorruptDataException(
          "got WAL at %s, expected %s of segment %s"
              .formatted(Lsn.format(lsn), Lsn.format(verifier.position()), segment));
    }
    if (!verifier.feed(lsn, wal)) {
      throw defect(verifier, segment);
    }
  }

  /// Reads on in the segment after this one, if it is here, until the record under way has ended.
  private static void proveSeam(
      WalVerifier verifier, WalSegmentName segment, WalSegmentSource neighbours)
      throws IOException {
    WalSegmentName next = segment.next();
    ByteBuffer chunk = ByteBuffer.allocate(SEAM_BYTES);
    int offset = 0;
    while (offset < next.segmentSize().bytes()
        && !Lsn.isAfter(verifier.verifiedLsn(), segment.endLsn())) {
      int read = neighbours.read(next, offset, chunk.clear());
      if (read <= 0) {
        return;
      }
      if (!verifier.feed(next.startLsn() + offset, chunk.flip())) {
        throw defect(verifier, segment);
      }
      offset += read;
    }
  }

  private static CorruptDataException defect(WalVerifier verifier, WalSegmentName segment) {
    var defect = Objects.requireNonNull(verifier.defect());
    return new CorruptDataException(
        "WAL segment %s is not good at %s: %s"
            .formatted(segment, Lsn.format(defect.lsn()), defect.message()));
  }

  private synchronized void keep(WalSegmentName segment) throws IOException {
    present.addLast(segment);
    tidy();
  }

  /// Segments from `lsn` on are promised to somebody and stay.
  synchronized void promise(long lsn) throws IOException {
    promisedFrom = lsn;
    tidy();
  }

  private void tidy() throws IOException {
    long unpromised = present.stream().filter(this::isUnpromised).count();
    Iterator<WalSegmentName> oldestUsed = present.iterator();
    while (unpromised > unpromisedMax && oldestUsed.hasNext()) {
      WalSegmentName segment = oldestUsed.next();
      if (isUnpromised(segment)) {
        files.delete(directory.resolve(SegmentFileName.finished(segment)));
        oldestUsed.remove();
        unpromised--;
      }
    }
  }

  private boolean isUnpromised(WalSegmentName segment) {
    return !Lsn.isAfter(segment.endLsn(), promisedFrom);
  }
}
