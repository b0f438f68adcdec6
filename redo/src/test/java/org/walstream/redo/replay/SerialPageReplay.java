package org.walstream.redo.replay;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.block.BlockRedo;
import org.walstream.redo.block.ConsistencyCheck;
import org.walstream.redo.control.RecoveryPoint;
import org.walstream.redo.page.FreeSpaceMap;
import org.walstream.redo.page.FreeSpaceMapPage;
import org.walstream.redo.page.PageChecksum;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.rmgr.PageRedos;
import org.walstream.redo.rmgr.RedoAction;
import org.walstream.redo.rmgr.VisibilityClears;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.WalRecord;

/// Pages redone as the definition has it: one record after the other, one block after the other, by
/// the thread that calls, with every page that was ever touched kept in memory until it is written.
/// Slow, without bounds, and short enough to be believed: what any other replay must come to.
public final class SerialPageReplay implements PageReplay {

  private record Fork(RelFileLocator relation, ForkNumber fork) {
    static final Comparator<Fork> ORDER =
        Comparator.comparing((Fork fork) -> fork.relation.toString()).thenComparing(Fork::fork);
  }

  private record InvalidPage(Fork fork, long block) {
    static final Comparator<InvalidPage> ORDER =
        Comparator.comparing(InvalidPage::fork, Fork.ORDER).thenComparingLong(InvalidPage::block);
  }

  private static final class Page {
    final MemorySegment bytes;
    boolean dirty;

    Page(byte[] bytes) {
      this.bytes = MemorySegment.ofArray(bytes);
    }
  }

  /// The pages of a fork that have been touched, and how many blocks it has with them.
  private static final class ForkPages {
    final TreeMap<Long, Page> pages = new TreeMap<>();
    long blocks;
  }

  private final RelationFiles files;
  private final RecoveryPoint recoveryPoint;
  private final RedoProfile profile;
  private final boolean checksums;
  private final boolean freeSpaceIsWritten;
  private final BlockRedo redo;
  private final @Nullable ConsistencyCheck check;
  private final PageChecksum checksum = new PageChecksum();
  private final Map<Fork, ForkPages> forks = new HashMap<>();
  private final Set<InvalidPage> invalid = new TreeSet<>(InvalidPage.ORDER);
  private boolean consistent;
  private long endLsn;

  public SerialPageReplay(
      RelationFiles files,
      RecoveryPoint recoveryPoint,
      RedoProfile profile,
      boolean checksums,
      boolean logsHints,
      boolean verify) {
    this.files = files;
    this.recoveryPoint = recoveryPoint;
    this.profile = profile;
    this.checksums = checksums;
    this.freeSpaceIsWritten = !logsHints || profile.writesFreeSpaceMap();
    this.redo = new BlockRedo(new PageRedos(profile, logsHints));
    this.check = verify ? new ConsistencyCheck() : null;
  }

  @Override
  public void redo(DecodedXLogRecord decoded) throws IOException {
    endLsn = decoded.endLsn();
    WalRecord record = Rmgr.interpret(decoded);
    VisibilityClears.<IOException>forEach(
        decoded, profile, (id, heapBlock, bits) -> clear(decoded.block(id), heapBlock, bits));
    for (int id = 0; id <= decoded.maxBlockId(); id++) {
      if (decoded.hasBlock(id) && !redo.passesOver(record, id)) {
        redo(record, id);
      }
    }
  }

  private void redo(WalRecord record, int id) throws IOException {
    DecodedXLogRecord decoded = record.record();
    BlockReference block = decoded.block(id);
    if (!ForkNumber.isValid(block.forkNumber())) {
      throw RedoException.ofRecord(
          decoded, "block %d is in fork %d".formatted(id, block.forkNumber()));
    }
    Fork fork = new Fork(block.locator(), ForkNumber.of(block.forkNumber()));
    long number = Integer.toUnsignedLong(block.blockNumber());
    boolean zero = BlockRedo.replacesPage(block) || redo.zeroIfMissing(record, id);
    Page page = page(fork, number, zero);
    if (page == null) {
      miss(decoded, new InvalidPage(fork, number));
      return;
    }
    RedoAction action = redo.redo(record, id, page.bytes, 0);
    page.dirty |= redo.changed();
    if (check != null && action != RedoAction.RESTORED && ConsistencyCheck.canCheck(decoded, id)) {
      check.check(decoded, id, page.bytes, 0);
    }
    if (redo.freeSpace() >= 0) {
      noteFreeSpace(fork.relation, block.blockNumber(), redo.freeSpace());
    }
  }

  private void miss(DecodedXLogRecord record, InvalidPage page) throws RedoException {
    if (consistent) {
      throw RedoException.ofRecord(record, page + " does not exist or is uninitialized");
    }
    invalid.add(page);
  }

  private void clear(BlockReference heap, int heapBlock, int bits) throws IOException {
    Fork map = new Fork(heap.locator(), ForkNumber.VISIBILITY_MAP);
    Page page = made(map, Integer.toUnsignedLong(VisibilityMapPage.blockOf(heapBlock)));
    if (!PageHeader.isNew(page.bytes, 0)) {
      page.dirty |= VisibilityMapPage.clear(page.bytes, 0, heapBlock, bits);
    }
  }

  private void noteFreeSpace(RelFileLocator relation, int heapBlock, int freeBytes)
      throws IOException {
    int mapBlock = FreeSpaceMap.blockOf(0, FreeSpaceMap.parentOf(heapBlock));
    Page page = made(new Fork(relation, ForkNumber.FSM), Integer.toUnsignedLong(mapBlock));
    int category = FreeSpaceMap.categoryOf(freeBytes);
    if (PageHeader.isNew(page.bytes, 0)) {
      if (category == 0) {
        return;
      }
      PageHeader.init(page.bytes, 0, 0);
    }
    boolean changed = FreeSpaceMapPage.set(page.bytes, 0, FreeSpaceMap.slotOf(heapBlock), category);
    page.dirty |= changed && freeSpaceIsWritten;
  }

  private Page made(Fork fork, long block) throws IOException {
    return Objects.requireNonNull(page(fork, block, true));
  }

  /// @return null when there is no such page, unless one of zeros is to be made then
  private @Nullable Page page(Fork fork, long block, boolean zeroIfMissing) throws IOException {
    ForkPages known = forks.get(fork);
    if (known == null) {
      files.create(fork.relation, fork.fork);
      known = new ForkPages();
      known.blocks = files.blocks(fork.relation, fork.fork);
      forks.put(fork, known);
    }
    Page page = known.pages.get(block);
    if (page == null) {
      byte[] bytes = new byte[PAGE_BYTES];
      if (block < known.blocks) {
        files.read(files.fork(fork.relation, fork.fork), block, ByteBuffer.wrap(bytes));
      } else if (!zeroIfMissing) {
        return null;
      }
      page = new Page(bytes);
      known.pages.put(block, page);
      known.blocks = Math.max(known.blocks, block + 1);
    }
    return zeroIfMissing || !PageHeader.isNew(page.bytes, 0) ? page : null;
  }

  @Override
  public void drain() {}

  @Override
  public void write() throws IOException {
    write(_ -> true);
  }

  @Override
  public void writeDatabase(int spcOid, int dbOid) throws IOException {
    write(fork -> fork.relation.spcOid() == spcOid && fork.relation.dbOid() == dbOid);
  }

  private void write(Predicate<Fork> which) throws IOException {
    recoveryPoint.require(endLsn);
    for (var entry : forks.entrySet()) {
      if (which.test(entry.getKey())) {
        write(entry.getKey(), entry.getValue());
      }
    }
  }

  private void write(Fork fork, ForkPages pages) throws IOException {
    files.extend(fork.relation, fork.fork, pages.blocks);
    for (var entry : pages.pages.entrySet()) {
      Page page = entry.getValue();
      if (page.dirty) {
        if (checksums) {
          checksum.put(page.bytes, 0, (int) (long) entry.getKey());
        }
        files.write(
            files.fork(fork.relation, fork.fork), entry.getKey(), page.bytes.asByteBuffer());
        page.dirty = false;
      }
    }
  }

  @Override
  public void drop(Collection<RelFileLocator> relations) {
    forks.keySet().removeIf(fork -> relations.contains(fork.relation));
    invalid.removeIf(page -> relations.contains(page.fork.relation));
  }

  @Override
  public void truncate(RelFileLocator relation, ForkNumber fork, long blocks) throws IOException {
    ForkPages pages = forks.get(new Fork(relation, fork));
    if (pages != null) {
      pages.pages.tailMap(blocks, true).clear();
      pages.blocks = Math.min(pages.blocks, blocks);
    }
    if (fork == ForkNumber.MAIN) {
      invalid.removeIf(page -> page.fork.equals(new Fork(relation, fork)) && page.block >= blocks);
    }
  }

  @Override
  public void dropDatabase(int dbOid) {
    forks.keySet().removeIf(fork -> fork.relation.dbOid() == dbOid);
    invalid.removeIf(page -> page.fork.relation.dbOid() == dbOid);
  }

  @Override
  public void edit(
      RelFileLocator relation, ForkNumber fork, long block, boolean zeroIfMissing, PageEdit edit)
      throws IOException {
    Page page = page(new Fork(relation, fork), block, zeroIfMissing);
    if (page != null) {
      page.dirty |= edit.edit(page.bytes, 0);
    }
  }

  @Override
  public long blocks(RelFileLocator relation, ForkNumber fork) throws IOException {
    ForkPages pages = forks.get(new Fork(relation, fork));
    return pages == null ? files.blocks(relation, fork) : pages.blocks;
  }

  @Override
  public boolean hasInvalidPages() {
    return !invalid.isEmpty();
  }

  @Override
  public void reachedConsistency() throws IOException {
    if (!invalid.isEmpty()) {
      throw new RedoException("WAL contains references to invalid pages: " + invalid);
    }
    consistent = true;
  }

  @Override
  public void close() {
    forks.clear();
  }
}
