package org.walstream.redo.relation;

import static org.walstream.redo.storage.DataFiles.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.walstream.redo.storage.DataFile;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Check;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// The blocks of relations on disk.
///
/// A fork is a row of segments of equal size:
///
/// ```
/// 16384      full      the active segments: full, but for the last, which may be empty
/// 16384.1    full
/// 16384.2    partial
/// 16384.3    empty     inactive: left by a truncation, reused when the fork grows
/// ```
///
/// The fork ends with the first segment that is not full, so no segment is begun before the one in
/// front of it has its size; what is missing there then is a hole, which reads as zeros. A size
/// that is no multiple of a block counts to the last whole block.
///
/// A fork that is made is not on disk before it is written or [#settle]: most new relations of a
/// busy server are dropped before that. Until then it is here all the same, empty.
///
/// Everything here may be done again: replay that begins anew finds files made, cut or gone
/// already. Nothing is durable before [DataFiles#sync]; what cannot be taken back, [#truncate] and
/// [#unlink], asks that `minRecoveryPoint` has been made durable at or beyond the record first.
///
/// Block numbers and counts are 0 to 2^32 - 1. Any number of threads may read and write blocks;
/// they may write different ones at once. [#truncate] and [#unlink] are called while nobody else
/// uses the relation. [#extend], and a [#write] into a segment not yet begun, see to it themselves
/// that no block that another thread has written meanwhile is lost.
///
/// Counterpart of src/backend/storage/smgr/md.c in recovery.
public final class RelationFiles {

  /// RELSEG_SIZE of every build that does not say otherwise: 1 GB.
  public static final int SEGMENT_BLOCKS = 131_072;

  /// Up to here zeros are written; beyond, space is reserved (as mdzeroextend() does).
  private static final int ZEROS_WRITTEN_BLOCKS = 8;

  private static final ByteBuffer ZEROS =
      ByteBuffer.allocateDirect(ZEROS_WRITTEN_BLOCKS * BLOCK_BYTES).asReadOnlyBuffer();

  private final DataFiles files;
  private final RelationPaths paths;
  private final int segmentBlocks;
  private final ForkLocks growth = new ForkLocks();

  /// The first files of forks that are made and not there; taken out under its lock, when they are.
  private final Set<Path> unmade = ConcurrentHashMap.newKeySet();

  /// @param segmentBlocks blocks of a full segment: `relseg_size` of pg_control
  public RelationFiles(DataFiles files, RelationPaths paths, int segmentBlocks) {
    this.files = files;
    this.paths = paths;
    this.segmentBlocks = segmentBlocks;
  }

  /// The fork by its files' names, whether there are any or not.
  public RelationFork fork(RelFileLocator relation, ForkNumber fork) {
    return new RelationFork(relation, fork, paths.fork(relation, fork));
  }

  /// What the fork is called in messages: its path below the data directory.
  public String name(RelFileLocator relation, ForkNumber fork) {
    return relation.path(paths.format(), fork);
  }

  public boolean exists(RelFileLocator relation, ForkNumber fork) throws IOException {
    return exists(paths.fork(relation, fork));
  }

  private boolean exists(Path path) throws IOException {
    return unmade.contains(path) || files.exists(path);
  }

  /// Makes the fork, empty, unless it is there. The directories above it are made, too: a
  /// tablespace or database that WAL drops further on may have gone already, and what is made in
  /// its place goes when that drop is replayed (TablespaceCreateDbspace).
  public void create(RelFileLocator relation, ForkNumber fork) throws IOException {
    create(fork(relation, fork));
  }

  /// [#create(RelFileLocator, ForkNumber)].
  public void create(RelationFork fork) throws IOException {
    if (!exists(fork.path())) {
      unmade.add(fork.path());
    }
  }

  /// Puts the files of all forks on disk that are not there yet.
  public void settle() throws IOException {
    for (Path path : unmade) {
      make(path);
    }
  }

  private void make(Path path) throws IOException {
    if (unmade.contains(path)) {
      synchronized (unmade) {
        if (unmade.contains(path)) {
          files.createDirectory(Objects.requireNonNull(path.getParent()));
          files.openOrCreate(path).close();
          unmade.remove(path);
        }
      }
    }
  }

  /// How many blocks the fork has, by the size of its files; 0 when it does not exist.
  public long blocks(RelFileLocator relation, ForkNumber fork) throws IOException {
    return blocks(fork(relation, fork));
  }

  /// Reads blocks from `block` on into `into`, as many as it has room for.
  ///
  /// @return how many there were before the end of the fork, maybe none; `into` ends behind them
  public int read(RelationFork fork, long block, ByteBuffer into) throws IOException {
    requireWholeBlocks(into);
    int start = into.position();
    int limit = into.limit();
    long at = block;
    while (into.position() < limit) {
      int run = runBytes(at, limit - into.position());
      into.limit(into.position() + run);
      int got = readRun(fork, at, into);
      into.limit(limit);
      at += got / BLOCK_BYTES;
      if (got < run) {
        break;
      }
    }
    into.position(start + (int) (at - block) * BLOCK_BYTES);
    return (int) (at - block);
  }

  /// Writes the blocks in `from` from `block` on. The fork exists; it grows where it is too short,
  /// and what it had not before `block` is zeros.
  public void write(RelationFork fork, long block, ByteBuffer from) throws IOException {
    requireWholeBlocks(from);
    int limit = from.limit();
    long at = block;
    while (from.position() < limit) {
      int run = runBytes(at, limit - from.position());
      from.limit(from.position() + run);
      writeRun(fork, at, from);
      from.limit(limit);
      at += run / BLOCK_BYTES;
    }
  }

  /// A hint: these blocks, which are there, will be read soon.
  public void willNeed(RelationFork fork, long block) throws IOException {
    try (DataFile file = files.open(fork.segment(segmentOf(block)))) {
      file.willNeed(offsetInSegment(block), BLOCK_BYTES);
    } catch (NoSuchFileException beyondTheEnd) {
      // who reads it will see
    }
  }

  /// A hint: in these blocks some have been written and will be forced by and by.
  public void startWriting(RelationFork fork, long block, long blocks) throws IOException {
    long end = block + blocks;
    for (long at = block; at < end; at = firstBlockOf(segmentOf(at) + 1)) {
      long here = Math.min(end, firstBlockOf(segmentOf(at) + 1)) - at;
      try (DataFile file = files.open(fork.segment(segmentOf(at)))) {
        file.startWriting(offsetInSegment(at), here * BLOCK_BYTES);
      } catch (NoSuchFileException nothingThere) {
        // nothing to begin with
      }
    }
  }

  /// Gives the fork at least `blocks` blocks, the new ones zeros with storage behind them: what is
  /// written there later cannot find the disk full.
  public void extend(RelFileLocator relation, ForkNumber fork, long blocks) throws IOException {
    RelationFork grown = fork(relation, fork);
    var lock = growth.exclusive(grown.path());
    lock.lock();
    try {
      long now = blocks(grown);
      if (now < blocks) {
        for (int segment = segmentOf(now); segment <= segmentOf(blocks - 1); segment++) {
          long wanted = Math.min(segmentBlocks, blocks - firstBlockOf(segment));
          try (DataFile file = segment(grown, segment)) {
            grow(file, wanted * BLOCK_BYTES);
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Cuts the fork down to `blocks` blocks, if it has more. Segments wholly beyond stay, empty:
  /// somebody may have them open and would write into a file that is gone.
  ///
  /// From the last to the first, so that whatever moment a crash picks there is a fork that ends
  /// somewhere.
  public void truncate(RelFileLocator relation, ForkNumber fork, long blocks) throws IOException {
    RelationFork cut = fork(relation, fork);
    var lock = growth.exclusive(cut.path());
    lock.lock();
    try {
      long now = blocks(cut);
      if (now <= blocks) {
        return;
      }
      for (int segment = segmentOf(now - 1); segment >= segmentOf(blocks); segment--) {
        long kept = Math.max(0, blocks - firstBlockOf(segment));
        try (DataFile file = files.open(cut.segment(segment))) {
          file.truncate(kept * BLOCK_BYTES);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Removes all forks of the relation; no error if it has none.
  public void unlink(RelFileLocator relation) throws IOException {
    for (ForkNumber fork : ForkNumber.values()) {
      unlink(relation, fork);
    }
  }

  /// Removes all segments of the fork, active or not, up to the first that is missing.
  public void unlink(RelFileLocator relation, ForkNumber fork) throws IOException {
    Path path = paths.fork(relation, fork);
    if (unmade.remove(path)) {
      return;
    }
    int segments = 0;
    while (files.exists(RelationPaths.segment(path, segments))) {
      segments++;
    }
    // Differs from PostgreSQL: the last goes first. A crash half-way leaves a fork that the next
    // replay finds and removes; with the first segment gone, nobody would look for the others.
    while (segments > 0) {
      files.remove(RelationPaths.segment(path, --segments));
    }
  }

  private long blocks(RelationFork fork) throws IOException {
    for (int segment = 0; ; segment++) {
      long blocks = blocksOf(fork, segment);
      if (blocks < segmentBlocks) {
        return firstBlockOf(segment) + blocks;
      }
    }
  }

  private long blocksOf(RelationFork fork, int segment) throws IOException {
    Path path = fork.segment(segment);
    long blocks = Math.max(0, files.sizeOrAbsent(path)) / BLOCK_BYTES;
    if (blocks > segmentBlocks) {
      throw new IOException(
          "segment \"%s\" is too big: %d blocks of at most %d"
              .formatted(path, blocks, segmentBlocks));
    }
    return blocks;
  }

  private int readRun(RelationFork fork, long block, ByteBuffer into) throws IOException {
    if (unmade.contains(fork.path())) {
      return 0;
    }
    try (DataFile file = files.open(fork.segment(segmentOf(block)))) {
      return file.read(into, offsetInSegment(block));
    } catch (NoSuchFileException beyondTheEnd) {
      return 0;
    }
  }

  private void writeRun(RelationFork fork, long block, ByteBuffer from) throws IOException {
    int segment = segmentOf(block);
    if (segment > 0 && blocksOf(fork, segment - 1) < segmentBlocks) {
      fillBefore(fork, segment);
    }
    var lock = growth.shared(fork.path());
    lock.lock();
    try (DataFile file = segment(fork, segment)) {
      file.write(from, offsetInSegment(block));
    } finally {
      lock.unlock();
    }
  }

  /// Makes all segments before `last` full. Once one is, those before it have been.
  private void fillBefore(RelationFork fork, int last) throws IOException {
    var lock = growth.exclusive(fork.path());
    lock.lock();
    try {
      int segment = last;
      while (segment > 0 && blocksOf(fork, segment - 1) < segmentBlocks) {
        segment--;
      }
      for (; segment < last; segment++) {
        try (DataFile file = segment(fork, segment)) {
          file.write(zeros(BLOCK_BYTES), (segmentBlocks - 1L) * BLOCK_BYTES);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// The first segment is made by [#create] alone: were it missing here, a relation that has been
  /// dropped would come to life.
  private DataFile segment(RelationFork fork, int segment) throws IOException {
    if (segment > 0) {
      return files.openOrCreate(fork.segment(segment));
    }
    make(fork.path());
    return files.open(fork.path());
  }

  private static void grow(DataFile file, long bytes) throws IOException {
    long from = file.size() / BLOCK_BYTES * BLOCK_BYTES;
    if (bytes - from > ZEROS_WRITTEN_BLOCKS * BLOCK_BYTES) {
      file.reserve(bytes);
    } else if (bytes > from) {
      file.write(zeros((int) (bytes - from)), from);
    }
  }

  private static ByteBuffer zeros(int bytes) {
    return ZEROS.slice(0, bytes);
  }

  private static void requireWholeBlocks(ByteBuffer buffer) {
    Check.state(
        buffer.remaining() % BLOCK_BYTES == 0, "%d bytes are not blocks", buffer.remaining());
  }

  /// Bytes of `bytes` from `block` on that are in one segment.
  private int runBytes(long block, int bytes) {
    return (int) Math.min(bytes, (segmentBlocks - block % segmentBlocks) * BLOCK_BYTES);
  }

  private int segmentOf(long block) {
    return (int) (block / segmentBlocks);
  }

  private long firstBlockOf(int segment) {
    return (long) segment * segmentBlocks;
  }

  private long offsetInSegment(long block) {
    return block % segmentBlocks * BLOCK_BYTES;
  }
}
