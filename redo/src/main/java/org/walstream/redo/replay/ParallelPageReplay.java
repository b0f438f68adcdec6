package org.walstream.redo.replay;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.block.BlockRedo;
import org.walstream.redo.block.ConsistencyCheck;
import org.walstream.redo.buffer.BufferPool;
import org.walstream.redo.buffer.ReadMode;
import org.walstream.redo.control.RecoveryPoint;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.rmgr.PageRedos;
import org.walstream.redo.rmgr.VisibilityClears;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Redoes pages on several lanes, each with a thread and with pages of its own.
///
/// ```
///                      ┌ lane 0: its items, in order ┐   the last lane to be through:
///  reader ── batch ────┼ lane 1: its items, in order ┼── free space maps ── batch is free
///   routes blocks      └ lane …                      ┘
/// ```
///
/// The reader copies records into a batch and notes for each block whose it is; lanes redo their
/// blocks in the order of WAL and wait for nobody. There are a few batches, so the reader is at
/// most that far ahead. A record that is more than its blocks is a barrier: the reader waits until
/// all batches are back.
///
/// When a lane fails, all go on without doing anything, and the reader is told with its next call.
public final class ParallelPageReplay implements PageReplay {

  private static final int BATCHES = 4;

  /// Maps are small beside what they map: one page for 4069, and a lane's share at least.
  private static final int FREE_SPACE_SHARE = 16;

  private static final int FEWEST_FRAMES = 64;

  private final RelationFiles files;
  private final RedoProfile profile;
  private final PageOwners owners;
  private final InvalidPages invalid = new InvalidPages();
  private final ReplayLane[] lanes;
  private final FreeSpaceMaps freeSpaceMaps;

  /// Those of the lanes, by their numbers, then that of the maps.
  private final List<SharedPool> pools = new ArrayList<>();

  private final ExecutorService[] threads;
  private final FreeBatches free;
  private final FirstFailure failure = new FirstFailure();

  // The reader's.
  private ReplayBatch batch;
  private int recordIndex;
  private long endLsn;
  private DecodedXLogRecord current = new DecodedXLogRecord();
  private final VisibilityClears.Sink<RuntimeException> clears = this::routeClear;

  /// Makes the lanes and starts their threads.
  ///
  /// @param recoveryPoint asked before any page is written
  public ParallelPageReplay(
      RelationFiles files, RecoveryPoint recoveryPoint, ReplayOptions options) {
    this.files = files;
    profile = options.profile();
    int workers = options.workers();
    int frames = (int) Math.min(Integer.MAX_VALUE / 2, options.poolBytes() / PAGE_BYTES);
    int freeSpaceFrames = Math.max(FEWEST_FRAMES, frames / FREE_SPACE_SHARE);
    int laneFrames = Math.max(FEWEST_FRAMES, (frames - freeSpaceFrames) / workers);
    boolean checksums = options.checksums();
    owners = new PageOwners(workers);
    lanes = new ReplayLane[workers];
    threads = new ExecutorService[workers];
    for (int i = 0; i < workers; i++) {
      var pool = new BufferPool(files, recoveryPoint, checksums, laneFrames);
      pools.add(new SharedPool(pool, failure));
      var check = options.verify() ? new ConsistencyCheck() : null;
      lanes[i] = new ReplayLane(i, pool, newRedo(options), invalid, check);
      String name = "redo " + i;
      threads[i] =
          Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    }
    var freeSpacePool = new BufferPool(files, recoveryPoint, checksums, freeSpaceFrames);
    pools.add(new SharedPool(freeSpacePool, failure));
    boolean written = !options.logsHints() || options.profile().writesFreeSpaceMap();
    freeSpaceMaps = new FreeSpaceMaps(freeSpacePool, newRedo(options), invalid, written, workers);
    free = new FreeBatches(BATCHES, workers);
    batch = free.take();
  }

  private static BlockRedo newRedo(ReplayOptions options) {
    return new BlockRedo(new PageRedos(options.profile(), options.logsHints()));
  }

  @Override
  public void redo(DecodedXLogRecord decoded) throws IOException {
    endLsn = decoded.endLsn();
    if (decoded.maxBlockId() < 0) {
      return;
    }
    recordIndex = batch.add(decoded);
    if (recordIndex < 0) {
      publish();
      recordIndex = batch.add(decoded);
    }
    for (int id = 0; id <= decoded.maxBlockId(); id++) {
      if (decoded.hasBlock(id)) {
        route(decoded, id);
      }
    }
    current = decoded;
    VisibilityClears.forEach(decoded, profile, clears);
  }

  private void route(DecodedXLogRecord decoded, int id) throws RedoException {
    BlockReference block = decoded.block(id);
    int fork = block.forkNumber();
    if (!ForkNumber.isValid(fork)) {
      throw RedoException.ofRecord(decoded, "block %d is in fork %d".formatted(id, fork));
    }
    int item = LaneItem.of(recordIndex, id);
    if (fork == ForkNumber.FSM.number()) {
      batch.freeSpaceItems.add(item);
    } else {
      int lane =
          owners.laneOf(
              block.spcOid(), block.dbOid(), block.relNumber(), fork, block.blockNumber());
      batch.items[lane].add(item);
    }
  }

  private void routeClear(int id, int heapBlock, int bits) {
    BlockReference heap = current.block(id);
    int lane =
        owners.laneOf(
            heap.spcOid(),
            heap.dbOid(),
            heap.relNumber(),
            ForkNumber.VISIBILITY_MAP.number(),
            VisibilityMapPage.blockOf(heapBlock));
    batch.items[lane].add(LaneItem.clearing(recordIndex, id, bits));
  }

  private void publish() throws IOException {
    failure.requireNone();
    if (batch.isEmpty()) {
      return;
    }
    ReplayBatch full = batch;
    full.begin();
    for (int i = 0; i < lanes.length; i++) {
      int lane = i;
      threads[i].execute(() -> process(lane, full));
    }
    batch = free.take();
  }

  private void process(int lane, ReplayBatch full) {
    pools.get(lane).useUnlessFailed(_ -> lanes[lane].process(full));
    if (full.laneIsDone()) {
      freeSpacePool().useUnlessFailed(_ -> freeSpaceMaps.process(full));
      free.give(full);
    }
  }

  @Override
  public void drain() throws IOException {
    if (batch.isShort() && free.areAllBut(1)) {
      redoHere();
    } else {
      publish();
    }
    free.awaitAllBut(1);
    failure.requireNone();
  }

  /// Redoes what there is on this thread while the lanes rest: to wake them, and to be woken, takes
  /// longer than a few records do, and a commit on the primary may wait for these.
  private void redoHere() throws IOException {
    failure.requireNone();
    if (!batch.isEmpty()) {
      ReplayBatch little = batch;
      little.begin();
      for (int lane = 0; lane < lanes.length; lane++) {
        process(lane, little);
      }
      batch = free.take();
    }
  }

  @Override
  public void write() throws IOException {
    onAllPools(BufferPool::write);
  }

  @Override
  public void writeBeside() throws IOException {
    for (SharedPool pool : pools) {
      pool.writeBeside();
    }
  }

  @Override
  public void drop(Collection<RelFileLocator> relations) throws IOException {
    drain();
    for (RelFileLocator relation : relations) {
      for (SharedPool pool : pools) {
        pool.use(it -> it.drop(relation));
      }
      invalid.drop(relation);
    }
  }

  @Override
  public void truncate(RelFileLocator relation, ForkNumber fork, long blocks) throws IOException {
    drain();
    for (SharedPool pool : pools) {
      pool.use(it -> it.truncate(relation, fork.number(), blocks));
    }
    if (fork == ForkNumber.MAIN) { // as PostgreSQL, which forgets no missing pages of other forks
      invalid.truncate(relation, blocks);
    }
  }

  @Override
  public void dropDatabase(int dbOid) throws IOException {
    drain();
    for (SharedPool pool : pools) {
      pool.use(it -> it.dropDatabase(dbOid));
    }
    invalid.dropDatabase(dbOid);
  }

  @Override
  public void writeDatabase(int spcOid, int dbOid) throws IOException {
    onAllPools(pool -> pool.writeDatabase(spcOid, dbOid));
  }

  @Override
  public void edit(
      RelFileLocator relation, ForkNumber fork, long block, boolean zeroIfMissing, PageEdit edit)
      throws IOException {
    drain();
    int number = (int) block;
    int spcOid = relation.spcOid();
    int dbOid = relation.dbOid();
    int relNumber = relation.relNumber();
    SharedPool shared =
        fork == ForkNumber.FSM
            ? freeSpacePool()
            : pools.get(owners.laneOf(spcOid, dbOid, relNumber, fork.number(), number));
    shared.use(pool -> {
      pool.replayingUpTo(endLsn);
      int id = pool.fork(spcOid, dbOid, relNumber, fork.number());
      int frame = pool.page(id, number, zeroIfMissing ? ReadMode.ZERO_ON_ERROR : ReadMode.NORMAL);
      if (frame != BufferPool.MISSING && edit.edit(pool.memory(), pool.offset(frame))) {
        pool.dirty(frame);
      }
    });
  }

  @Override
  public long blocks(RelFileLocator relation, ForkNumber fork) throws IOException {
    drain();
    for (SharedPool pool : pools) {
      pool.use(BufferPool::settle);
    }
    var blocks = new AtomicLong(files.blocks(relation, fork));
    for (SharedPool pool : pools) {
      pool.use(it -> blocks.accumulateAndGet(it.blocks(relation, fork.number()), Math::max));
    }
    return blocks.get();
  }

  @Override
  public boolean hasInvalidPages() {
    return !invalid.isEmpty();
  }

  @Override
  public void reachedConsistency() throws IOException {
    drain();
    invalid.reachedConsistency();
  }

  /// Ends the threads and gives the memory back; what has not been written is lost.
  @Override
  public void close() {
    for (ExecutorService thread : threads) {
      thread.close();
    }
    pools.forEach(SharedPool::close);
  }

  private SharedPool freeSpacePool() {
    return pools.getLast();
  }

  /// Drains, and has each lane's thread do something with its pool, and one with that of the maps.
  private void onAllPools(SharedPool.Turn work) throws IOException {
    drain();
    var done = new Semaphore(0);
    for (int i = 0; i < lanes.length; i++) {
      int lane = i;
      threads[i].execute(() -> {
        pools.get(lane).useUnlessFailed(work);
        if (lane == lanes.length - 1) {
          freeSpacePool().useUnlessFailed(work);
        }
        done.release();
      });
    }
    done.acquireUninterruptibly(lanes.length);
    failure.requireNone();
  }
}
