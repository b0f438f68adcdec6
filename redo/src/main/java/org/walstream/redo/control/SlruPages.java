package org.walstream.redo.control;

import static org.walstream.redo.storage.DataFiles.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.slru.SlruDirectory;
import org.walstream.redo.slru.SlruFiles;
import org.walstream.redo.slru.SlruSegment;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Lsn;

/// The pages of one SLRU in memory: a bounded number of them, written when room is needed or when
/// [#flush] asks for it.
///
/// No page is written before the last record that changed it is behind the recovery point: a commit
/// may not be seen by whoever recovers to a moment before it. One page needs room, but all that
/// have changed are written then, so that the point is moved once for many.
///
/// Counterpart of src/backend/access/transam/slru.c in recovery. Differs from it in that a page
/// made anew is not written at once: what reads files waits for [#flush] anyway.
final class SlruPages {

  /// A page in memory.
  private static final class Slot {
    private final ByteBuffer bytes =
        ByteBuffer.allocateDirect(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long page;
    private boolean changed;
  }

  /// How many pages are kept: of `pg_xact` these are the status of two million transactions.
  static final int PAGES = 64;

  private final SlruDirectory slru;
  private final SlruFiles files;
  private final RecoveryPoint recoveryPoint;

  /// The longest unused first.
  private final LinkedHashMap<Long, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

  /// The one used last, which mostly is the one used next.
  private @Nullable Slot last;

  /// Where the latest record ends that changed a page.
  private long changedLsn;

  private long latestPage;

  SlruPages(DataFiles files, Path dataDirectory, SlruDirectory slru, RecoveryPoint recoveryPoint) {
    this.slru = slru;
    this.files = new SlruFiles(files, dataDirectory, slru);
    this.recoveryPoint = recoveryPoint;
  }

  SlruDirectory directory() {
    return slru;
  }

  /// The page to read in: its positions are absolute, its bytes little-endian. Valid until the next
  /// call of anything here.
  ByteBuffer read(long page) throws IOException {
    return slot(page).bytes;
  }

  /// The page to be changed by the record that ends at `endLsn`; otherwise as [#read].
  ByteBuffer change(long page, long endLsn) throws IOException {
    Slot slot = slot(page);
    note(slot, endLsn);
    return slot.bytes;
  }

  /// Makes the page, or makes it zeros; it is the one being filled now.
  void zero(long page, long endLsn) throws IOException {
    requireInside(page);
    Slot slot = slots.get(page);
    if (slot == null) {
      slot = freeSlot();
      put(slot, page);
    }
    zero(slot.bytes);
    note(slot, endLsn);
    latestPage = page;
  }

  /// True when the page is in its file, or will be.
  boolean exists(long page) throws IOException {
    Slot slot = slots.get(page);
    return (slot != null && slot.changed) || files.hasPage(page);
  }

  /// Tells which page is being filled now.
  void setLatestPage(long page) {
    latestPage = page;
  }

  /// Removes the segments that are wholly older than `cutoffPage`, and their pages.
  ///
  /// @return false, with nothing done, if the page being filled now would go
  boolean truncate(long cutoffPage, long endLsn) throws IOException {
    requireInside(cutoffPage);
    recoveryPoint.require(endLsn);
    if (!files.truncate(cutoffPage, latestPage)) {
      return false;
    }
    forget(segment -> files.isOlder(segment, cutoffPage));
    return true;
  }

  /// Removes one segment and its pages.
  void removeSegment(SlruSegment segment, long endLsn) throws IOException {
    recoveryPoint.require(endLsn);
    forget(segment::equals);
    files.removeSegment(segment);
  }

  /// Removes everything.
  void removeAll(long endLsn) throws IOException {
    recoveryPoint.require(endLsn);
    forget(_ -> true);
    files.removeAll();
  }

  /// Writes all that has changed; durable after [DataFiles#sync].
  void flush() throws IOException {
    List<Slot> changed = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (slot.changed) {
        changed.add(slot);
      }
    }
    if (changed.isEmpty()) {
      return;
    }
    recoveryPoint.require(changedLsn);
    changed.sort(Comparator.comparingLong(slot -> slot.page));
    for (Slot slot : changed) {
      files.writePage(slot.page, slot.bytes.clear());
      slot.bytes.clear();
      slot.changed = false;
    }
  }

  private Slot slot(long page) throws IOException {
    Slot found = last;
    if (found != null && found.page == page) {
      return found;
    }
    found = slots.get(page);
    if (found == null) {
      requireInside(page);
      found = freeSlot();
      files.readPage(page, found.bytes.clear());
      found.bytes.clear();
      put(found, page);
    }
    last = found;
    return found;
  }

  /// One that belongs to no page: new, or taken from the page that has not been used for longest.
  private Slot freeSlot() throws IOException {
    if (slots.size() < PAGES) {
      return new Slot();
    }
    if (slots.firstEntry().getValue().changed) {
      flush();
    }
    last = null;
    return slots.pollFirstEntry().getValue();
  }

  private void put(Slot slot, long page) {
    slot.page = page;
    slot.changed = false;
    slots.put(page, slot);
  }

  private void note(Slot slot, long endLsn) {
    slot.changed = true;
    changedLsn = Lsn.max(changedLsn, endLsn);
  }

  private void forget(Predicate<SlruSegment> goes) {
    last = null;
    slots.keySet().removeIf(page -> goes.test(SlruSegment.ofPage(page)));
  }

  private void requireInside(long page) throws IOException {
    if (page < 0 || page > slru.pageOf(-1)) {
      throw new IOException("%s has no page %d".formatted(slru.directory(), page));
    }
  }

  private static void zero(ByteBuffer bytes) {
    for (int at = 0; at < BLOCK_BYTES; at += Long.BYTES) {
      bytes.putLong(at, 0);
    }
  }
}
