package org.walstream.redo.buffer;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.control.RecoveryPoint;
import org.walstream.redo.page.PageChecksum;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationFork;

/// Writes pages, beside redo: they are copied, so what is in memory may change or leave at once,
/// and another thread gives the copies their checksums and writes neighbours in one piece.
///
/// ```
///  pool ── add ──▶ bundle ── send ──▶ minRecoveryPoint ─▶ checksums ─▶ files
///                    ▲                                                  │
///                    └────────────── two of them go round ──────────────┘
/// ```
///
/// Bundles are written in the order in which they are sent, so the last copy of a page wins.
/// Whoever reads a page from disk must ask first whether a copy [#isOnItsWay]; whoever removes or
/// cuts files waits for all of them ([#await]).
///
/// WAL before data: before any page is written, `minRecoveryPoint` is durably at or beyond whatever
/// may have changed it. The kernel is told to begin with what has been written, so that the force
/// at the restart point finds little left to do.
///
/// What the other thread meets is thrown by the next call; nothing is written after that.
final class PageWriter implements AutoCloseable {

  private static final int BUNDLES = 2;

  /// The largest piece: 1 MB.
  private static final int RUN_PAGES = 128;

  private final RelationFiles files;
  private final RecoveryPoint recoveryPoint;
  private final boolean checksums;
  private final PageChecksum checksum = new PageChecksum();

  private final PageBundle[] bundles = new PageBundle[BUNDLES];
  private final Queue<PageBundle> empty = new ConcurrentLinkedQueue<>();
  private final Semaphore emptyOnes = new Semaphore(BUNDLES);
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("redo writer").factory());

  private volatile @Nullable Throwable failure;

  /// The one that is being filled.
  private @Nullable PageBundle bundle;

  /// @param pages of a bundle
  PageWriter(RelationFiles files, RecoveryPoint recoveryPoint, boolean checksums, int pages) {
    this.files = files;
    this.recoveryPoint = recoveryPoint;
    this.checksums = checksums;
    for (int i = 0; i < BUNDLES; i++) {
      bundles[i] = new PageBundle(pages);
      empty.add(bundles[i]);
    }
  }

  /// Takes a copy of a page. Keys ascend up to the next [#send].
  ///
  /// @param changedUpTo up to where WAL may have changed it
  void add(long key, RelationFork fork, MemorySegment pool, long page, long changedUpTo)
      throws IOException {
    if (bundle == null) {
      emptyOnes.acquireUninterruptibly();
      bundle = empty.remove();
      bundle.clear();
      requireSound();
    }
    bundle.add(key, fork, pool, page, changedUpTo);
    if (bundle.isFull()) {
      send();
    }
  }

  /// Has everything that was taken written, by and by.
  void send() {
    PageBundle sent = bundle;
    if (sent != null) {
      bundle = null;
      sent.sent();
      thread.execute(() -> write(sent));
    }
  }

  /// True when the page on disk may be older than what was taken.
  boolean isOnItsWay(long key) {
    for (PageBundle each : bundles) {
      if (each.holds(key)) {
        return true;
      }
    }
    return false;
  }

  /// Waits until everything that was taken has been written.
  void await() throws IOException {
    send();
    emptyOnes.acquireUninterruptibly(BUNDLES);
    emptyOnes.release(BUNDLES);
    requireSound();
  }

  /// Ends the thread, when it has written what was sent.
  @Override
  public void close() {
    thread.close();
  }

  private void write(PageBundle sent) {
    try {
      if (failure == null) {
        recoveryPoint.require(sent.changedUpTo);
        for (int at = 0; at < sent.count; ) {
          int pages = sent.runFrom(at, RUN_PAGES);
          write(sent, at, pages);
          at += pages;
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    } finally {
      sent.arrived();
      empty.add(sent);
      emptyOnes.release();
    }
  }

  private void write(PageBundle sent, int at, int pages) throws IOException {
    if (checksums) {
      for (int i = at; i < at + pages; i++) {
        checksum.put(sent.memory, (long) i * PAGE_BYTES, sent.block(i));
      }
    }
    sent.bytes.limit((at + pages) * PAGE_BYTES).position(at * PAGE_BYTES);
    long block = Integer.toUnsignedLong(sent.block(at));
    files.write(sent.forks[at], block, sent.bytes);
    files.startWriting(sent.forks[at], block, pages);
  }

  private void requireSound() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw new IOException(e.getMessage(), e);
      case Throwable e -> throw new IllegalStateException("pages could not be written", e);
    }
  }
}
