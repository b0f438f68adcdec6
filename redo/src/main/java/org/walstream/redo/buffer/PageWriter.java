package org.walstream.redo.buffer;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
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
/// What the other thread meets is thrown by the next call; nothing is written after that. The
/// pool's user's, but for [#awaitSent].
final class PageWriter implements AutoCloseable {

  private static final int BUNDLES = 2;

  /// The largest piece: 1 MB.
  private static final int RUN_PAGES = 128;

  /// Pages stand near each other when on average no more than every fourth is theirs.
  private static final int DENSE = 4;

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

  /// True when everything that was sent has been written.
  boolean isIdle() {
    return emptyOnes.availablePermits() == BUNDLES;
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

  /// Waits until what was sent before this was called has been written. Any thread.
  void awaitSent() throws IOException {
    try {
      var _ = thread.submit(() -> {}).get(); // in its turn
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while pages were written", e);
    }
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
          at = writeFork(sent, at);
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

  /// Writes all pages of one fork, and has the kernel begin with them if they stand near each
  /// other. Scattered ones it had better sort itself, with those that come later: told to begin, it
  /// would make a small request of each, and have us wait.
  ///
  /// @return where the next fork's pages begin
  private int writeFork(PageBundle sent, int first) throws IOException {
    RelationFork fork = sent.forks[first];
    int at = first;
    while (at < sent.count && sent.forks[at] == fork) {
      int pages = sent.runFrom(at, RUN_PAGES);
      write(sent, at, pages);
      at += pages;
    }
    long from = Integer.toUnsignedLong(sent.block(first));
    long to = Integer.toUnsignedLong(sent.block(at - 1)) + 1;
    if (to - from <= (long) DENSE * (at - first)) {
      files.startWriting(fork, from, to - from);
    }
    return at;
  }

  private void write(PageBundle sent, int at, int pages) throws IOException {
    if (checksums) {
      for (int i = at; i < at + pages; i++) {
        checksum.put(sent.memory, (long) i * PAGE_BYTES, sent.block(i));
      }
    }
    sent.bytes.limit((at + pages) * PAGE_BYTES).position(at * PAGE_BYTES);
    files.write(sent.forks[at], Integer.toUnsignedLong(sent.block(at)), sent.bytes);
  }

  private void requireSound() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw new IOException(e.getMessage(), e);
      case Throwable e -> throw new IllegalStateException("pages could not be written", e);
    }
  }
}
