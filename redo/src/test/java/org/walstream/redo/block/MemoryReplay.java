package org.walstream.redo.block;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.FreeSpaceMap;
import org.walstream.redo.page.FreeSpaceMapPage;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.redo.rmgr.PageRedos;
import org.walstream.redo.rmgr.RedoAction;
import org.walstream.redo.rmgr.VisibilityClears;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.WalRecord;

/// Replays pages in memory, one record after the other, and holds every page against the record's
/// image of it where a server with `wal_consistency_checking` has logged one. Begins at a
/// checkpoint: there every page's first record has an image of it, or makes it, so that nothing is
/// read.
///
/// What does not agree is collected, to see all of it at once; the page becomes the image then, so
/// that one error is told once.
public final class MemoryReplay {

  record Key(RelFileLocator relation, int fork, int block) {}

  private static final int CHUNK_PAGES = 4096;

  private final BlockRedo redo;
  private final ConsistencyCheck check = new ConsistencyCheck();
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final Map<Key, Integer> pages = new HashMap<>();

  /// How often each record type was compared with an image, and what did not agree.
  public final Map<String, Integer> checked = new TreeMap<>();

  public final Map<String, Integer> redone = new TreeMap<>();
  public final List<String> wrong = new ArrayList<>();

  private final RedoProfile profile;
  private final Set<Rmgr> known;

  /// @param known whose records are redone; of others only the images are taken
  public MemoryReplay(RedoProfile profile, boolean logsHints, Set<Rmgr> known) {
    this.profile = profile;
    this.known = known;
    this.redo = new BlockRedo(new PageRedos(profile, logsHints));
  }

  public void redo(DecodedXLogRecord decoded) {
    WalRecord record = Rmgr.interpret(decoded);
    Rmgr rmgr = Rmgr.ofId(decoded.rmgrId());
    String name =
        rmgr == null
            ? "custom"
            : rmgr.rmgrName() + "/" + rmgr.recordName(decoded.format(), decoded.info());
    if (known.contains(rmgr)) {
      VisibilityClears.forEach(
          decoded, profile, (id, heapBlock, bits) -> clear(decoded.block(id), heapBlock, bits));
    }
    for (int id = 0; id <= decoded.maxBlockId(); id++) {
      if (decoded.hasBlock(id) && (known.contains(rmgr) || decoded.block(id).appliesImage())) {
        try {
          block(record, decoded, id, name);
        } catch (IOException e) {
          wrong.add(Lsn.format(decoded.lsn()) + " block " + id + " " + e.getMessage());
          takeImage(decoded, id);
        }
      }
    }
  }

  private void block(WalRecord record, DecodedXLogRecord decoded, int id, String name)
      throws RedoException {
    if (redo.passesOver(record, id)) {
      return;
    }
    BlockReference block = decoded.block(id);
    Key key = new Key(block.locator(), block.forkNumber(), block.blockNumber());
    boolean known = pages.containsKey(key);
    if (!known && !BlockRedo.replacesPage(block) && !redo.zeroIfMissing(record, id)) {
      return; // as a page that is gone
    }
    int number = pages.computeIfAbsent(key, _ -> newPage());
    MemorySegment pool = pool(number);
    long page = offset(number);
    if (known
        && !BlockRedo.replacesPage(block)
        && PageHeader.isNew(pool, page)
        && !redo.zeroIfMissing(record, id)) {
      return;
    }
    if (redo.redo(record, id, pool, page) == RedoAction.NEEDS_REDO) {
      redone.merge(name, 1, Integer::sum);
    }
    if (redo.freeSpace() >= 0) {
      tellFreeSpace(key, redo.freeSpace());
    }
    if (ConsistencyCheck.canCheck(decoded, id)) {
      check.check(decoded, id, pool, page);
      checked.merge(name + " block " + Math.min(id, 5), 1, Integer::sum);
    }
  }

  /// A page of the map that no record has told of has no image yet that could lack the bits.
  private void clear(BlockReference heap, int heapBlock, int bits) {
    Integer number = pages.get(new Key(heap.locator(), 2, VisibilityMapPage.blockOf(heapBlock)));
    if (number != null) {
      VisibilityMapPage.clear(pool(number), offset(number), heapBlock, bits);
    }
  }

  /// The map is that of a new relation, if nothing is known of it.
  private void tellFreeSpace(Key heap, int bytes) {
    int block = FreeSpaceMap.blockOf(0, FreeSpaceMap.parentOf(heap.block));
    int number = pages.computeIfAbsent(new Key(heap.relation, 1, block), _ -> newPage());
    if (PageHeader.isNew(pool(number), offset(number))) {
      PageHeader.init(pool(number), offset(number), 0);
    }
    int slot = FreeSpaceMap.slotOf(heap.block);
    FreeSpaceMapPage.set(pool(number), offset(number), slot, FreeSpaceMap.categoryOf(bytes));
  }

  private MemorySegment pool(int number) {
    return chunks.get(number / CHUNK_PAGES);
  }

  private static long offset(int number) {
    return (long) (number % CHUNK_PAGES) * PAGE_BYTES;
  }

  private void takeImage(DecodedXLogRecord decoded, int id) {
    BlockReference block = decoded.block(id);
    Integer number = pages.get(new Key(block.locator(), block.forkNumber(), block.blockNumber()));
    if (number != null && block.hasImage()) {
      MemorySegment pool = pool(number);
      long page = offset(number);
      new org.walstream.wal.record.PageImage().restoreInto(decoded, id, pool, page);
      PageHeader.putLsn(pool, page, decoded.endLsn());
    }
  }

  /// The bytes of a page, or null when no record has told of it.
  public byte @org.jspecify.annotations.Nullable [] page(
      RelFileLocator relation, int fork, int block) {
    Integer number = pages.get(new Key(relation, fork, block));
    if (number == null) {
      return null;
    }
    byte[] bytes = new byte[PAGE_BYTES];
    MemorySegment.copy(pool(number), offset(number), MemorySegment.ofArray(bytes), 0, PAGE_BYTES);
    return bytes;
  }

  /// What a page is before its first record.
  public void put(RelFileLocator relation, int fork, int block, byte[] bytes) {
    int number = pages.computeIfAbsent(new Key(relation, fork, block), _ -> newPage());
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, pool(number), offset(number), PAGE_BYTES);
  }

  private int newPage() {
    int number = pages.size();
    if (number % CHUNK_PAGES == 0) {
      chunks.add(Arena.ofAuto().allocate((long) CHUNK_PAGES * PAGE_BYTES, 4096));
    }
    return number;
  }
}
