package org.walstream.store.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileErrors;
import org.walstream.store.check.WalReport.Damage;
import org.walstream.store.check.WalReport.Kind;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFile;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.WalDefect;
import org.walstream.wal.record.WalVerifier;
import org.walstream.wal.record.XLogPageHeader;

/// Proves one segment's file, and the record that crosses into the next one. Behind what is wrong
/// it goes on at the next page on which a record begins, so that all that is wrong is found.
///
/// One thread; its buffer is used for one segment after another.
final class SegmentCheck {

  private static final int CHUNK_BYTES = 1 << 20;

  /// A segment to be proven.
  ///
  /// @param next the file after it on its timeline; null if there is none
  /// @param open whether WAL may end within it
  /// @param nextOpen whether WAL may end within the next
  /// @param mustReach where another timeline leaves this one: WAL may end from there on; 0 if none
  ///   does in this segment
  record Job(
      SegmentFileName name,
      @Nullable SegmentFileName next,
      boolean open,
      boolean nextOpen,
      long mustReach) {}

  /// @param endLsn where WAL ends; the segment's end if it is whole
  /// @param isGone whether the file has been removed since it was listed
  record Outcome(long endLsn, long bytes, List<Damage> damages, boolean isGone) {}

  private final SegmentDirectory directory;
  private final SegmentIdentity identity;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer header =
      ByteBuffer.allocate(XLogPageHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);

  SegmentCheck(SegmentDirectory directory, SegmentIdentity identity) {
    this.directory = directory;
    this.identity = identity;
  }

  /// What is wrong is looked at once more: a file that is used again, removed or replaced while it
  /// is read is not what its name says; its name, then, is gone or means another file.
  Outcome checkTwice(Job job) {
    Outcome outcome = new Run(job).check();
    return outcome.damages().isEmpty() ? outcome : new Run(job).check();
  }

  /// The state of one segment's proof.
  private final class Run {
    private final Job job;
    private final long startLsn;
    private final long segmentEndLsn;
    private final WalVerifier verifier;
    private final List<Damage> damages = new ArrayList<>();

    /// The damage behind which nothing good has been found yet.
    private @Nullable Damage unresolved;

    private long bytes;

    /// The last page of this place that was there before anything was proven; 0 if none was. What
    /// is being received is written from front to back: up to here it was written already, and what
    /// comes meanwhile is not held against it.
    private long lastPageLsn;

    Run(Job job) {
      this.job = job;
      this.startLsn = job.name.segment().startLsn();
      this.segmentEndLsn = job.name.segment().endLsn();
      this.verifier =
          new WalVerifier(
              identity.segmentSize(), identity.systemIdentifier(), job.name.segment().timeline());
    }

    Outcome check() {
      long end = startLsn;
      try (SegmentFile file = openByAnyName()) {
        if (file == null) {
          return new Outcome(startLsn, 0, damages, true);
        }
        lastPageLsn = job.open || job.mustReach != 0 ? lastPage(file, startLsn, segmentEndLsn) : 0;
        verifier.start(startLsn);
        end = read(file);
        if (end == segmentEndLsn && verifier.defect() == null && unresolved == null) {
          end = proveSeam();
        }
      } catch (IOException e) {
        add(Kind.UNREADABLE, verifier.position(), segmentEndLsn, FileErrors.text(e));
      }
      settle(segmentEndLsn);
      return new Outcome(end, bytes, damages, false);
    }

    /// The file may have got its next name since it was listed.
    private @Nullable SegmentFile openByAnyName() throws IOException {
      SegmentFile file = directory.open(job.name);
      return file == null ? directory.open(job.name.segment()) : file;
    }

    /// @return where WAL ends
    private long read(SegmentFile file) throws IOException {
      long lsn = startLsn;
      while (Lsn.isBefore(lsn, segmentEndLsn)) {
        chunk.clear().limit((int) Math.min(CHUNK_BYTES, segmentEndLsn - lsn));
        int read = file.read(identity.segmentSize().offset(lsn), chunk);
        if (read <= 0) {
          return ended(lsn);
        }
        if (verifier.feed(lsn, chunk.flip())) {
          bytes += read;
          lsn += read;
          settleIfGood();
          continue;
        }
        long resumeLsn = pageAfter(verifier.position());
        bytes += resumeLsn - lsn;
        settleIfGood();
        if (mayEndHere() && !goesOn(resumeLsn)) {
          return provenLsn();
        }
        note(file, verifier.defect(), resumeLsn);
        lsn = resumeLsn;
        if (Lsn.isBefore(lsn, segmentEndLsn)) {
          verifier.start(lsn);
        }
      }
      return segmentEndLsn;
    }

    /// The file has no more bytes.
    private long ended(long lsn) {
      if (!mayEndHere()) {
        add(
            Kind.SHORT,
            lsn,
            segmentEndLsn,
            "the file ends after %d of %d bytes"
                .formatted(lsn - startLsn, identity.segmentSize().bytes()));
        return segmentEndLsn;
      }
      return provenLsn();
    }

    /// Where WAL ends that goes no further: behind the last whole record; at the start, if nothing
    /// is here but the rest of the one before.
    private long provenLsn() {
      return verifier.lastRecordLsn() == 0 ? startLsn : verifier.verifiedLsn();
    }

    private boolean mayEndHere() {
      boolean left = job.mustReach != 0 && !Lsn.isBefore(verifier.verifiedLsn(), job.mustReach);
      return unresolved == null && (job.open || left);
    }

    /// Whether WAL did not end before `fromLsn`.
    private boolean goesOn(long fromLsn) {
      return lastPageLsn != 0 && !Lsn.isBefore(lastPageLsn, fromLsn);
    }

    /// The last page of this very place; 0 if there is none. What a recycled file still holds are
    /// pages of other places.
    private long lastPage(SegmentFile file, long fromLsn, long endLsn) throws IOException {
      long last = 0;
      for (long lsn = fromLsn; Lsn.isBefore(lsn, endLsn); lsn += XLogPageHeader.PAGE_BYTES) {
        int read = file.read(identity.segmentSize().offset(lsn), header.clear());
        if (read < XLogPageHeader.LENGTH) {
          break;
        }
        XLogPageHeader page = XLogPageHeader.read(header, 0);
        if (page.pageAddress() == lsn && WalFormat.ofPageMagic(page.magic()).isPresent()) {
          last = lsn;
        }
      }
      return last;
    }

    private void note(SegmentFile file, @Nullable WalDefect defect, long resumeLsn)
        throws IOException {
      if (defect == null) {
        return;
      }
      Kind kind = isZero(file, defect.lsn()) ? Kind.HOLE : Kind.DAMAGE;
      add(kind, defect.lsn(), resumeLsn, defect.message());
    }

    private boolean isZero(SegmentFile file, long lsn) throws IOException {
      if (Lsn.isBefore(lsn, startLsn) || !Lsn.isBefore(lsn, segmentEndLsn)) {
        return false;
      }
      header.clear();
      file.read(identity.segmentSize().offset(lsn), header);
      for (int i = 0; i < header.position(); i++) {
        if (header.get(i) != 0) {
          return false;
        }
      }
      return header.position() > 0;
    }

    /// One damage goes on as long as nothing good comes behind it.
    private void add(Kind kind, long fromLsn, long toLsn, String message) {
      Damage known = unresolved;
      unresolved =
          known == null
              ? new Damage(
                  kind,
                  job.name.segment().timeline(),
                  fromLsn,
                  toLsn,
                  fileOf(fromLsn),
                  identity.segmentSize().offset(fromLsn),
                  message)
              : until(known, toLsn);
    }

    private String fileOf(long lsn) {
      SegmentFileName next = job.next;
      return next != null && !Lsn.isBefore(lsn, segmentEndLsn)
          ? next.fileName()
          : job.name.fileName();
    }

    private static Damage until(Damage damage, long toLsn) {
      return new Damage(
          damage.kind(),
          damage.timeline(),
          damage.startLsn(),
          toLsn,
          damage.fileName(),
          damage.offset(),
          damage.message());
    }

    private void settleIfGood() {
      if (verifier.lastRecordLsn() != 0) {
        settle(0);
      }
    }

    /// The damage under way has come to its end.
    private void settle(long atMost) {
      Damage damage = unresolved;
      if (damage != null) {
        damages.add(
            atMost != 0 && Lsn.isAfter(damage.endLsn(), atMost) ? until(damage, atMost) : damage);
        unresolved = null;
      }
    }

    /// Reads on in the next file until the first record that begins there is proven: with it the
    /// record that crosses the seam, and the link back to the last one here.
    ///
    /// @return where WAL ends
    private long proveSeam() throws IOException {
      SegmentFileName next = job.next;
      try (SegmentFile file = next == null ? null : directory.open(next)) {
        if (next == null || file == null) {
          return segmentEndLsn;
        }
        lastPageLsn = job.nextOpen ? lastPage(file, segmentEndLsn, next.segment().endLsn()) : 0;
        long lsn = segmentEndLsn;
        while (Lsn.isBefore(verifier.lastRecordLsn(), segmentEndLsn)
            && Lsn.isBefore(lsn, next.segment().endLsn())) {
          int read = file.read(identity.segmentSize().offset(lsn), chunk.clear());
          if (read <= 0) {
            break;
          }
          if (!verifier.feed(lsn, chunk.flip())) {
            return brokenSeam();
          }
          lsn += read;
        }
        return segmentEndLsn;
      }
    }

    private long brokenSeam() {
      long resumeLsn = pageAfter(verifier.position());
      WalDefect defect = verifier.defect();
      if (defect == null || !Lsn.isBefore(verifier.lastRecordLsn(), segmentEndLsn)) {
        return segmentEndLsn; // behind the seam: the next file's own affair
      }
      if (job.nextOpen && !goesOn(resumeLsn)) {
        return segmentEndLsn; // whole; WAL ends in the next, before the rest of a record
      }
      add(Kind.DAMAGE, defect.lsn(), resumeLsn, defect.message());
      settle(0);
      return segmentEndLsn;
    }
  }

  private static long pageAfter(long lsn) {
    long page = XLogPageHeader.PAGE_BYTES;
    return (lsn + page - 1) & -page;
  }
}
