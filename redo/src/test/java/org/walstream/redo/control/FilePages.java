package org.walstream.redo.control;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.walstream.redo.page.PageChecksum;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.PageImage;
import org.walstream.wal.record.RelFileLocator;

/// Pages of which each that was touched stays in memory, as with a server that has room for all.
final class FilePages implements Pages {

  private record Key(RelFileLocator relation, ForkNumber fork, long block) {}

  private static final class Frame {
    private final MemorySegment page = Arena.ofAuto().allocate(PAGE_BYTES, 8);
    private boolean changed;
  }

  private final RelationFiles relations;
  private final boolean checksums;
  private final PageChecksum checksum = new PageChecksum();
  private final PageImage images = new PageImage();
  private final Map<Key, Frame> frames = new HashMap<>();

  FilePages(RelationFiles relations, boolean checksums) {
    this.relations = relations;
    this.checksums = checksums;
  }

  @Override
  public void drop(Collection<RelFileLocator> relations) {
    forget(key -> relations.contains(key.relation()));
  }

  @Override
  public void truncate(RelFileLocator relation, ForkNumber fork, long blocks) {
    forget(key -> key.relation().equals(relation) && key.fork() == fork && key.block() >= blocks);
  }

  @Override
  public void dropDatabase(int dbOid) {
    forget(key -> key.relation().dbOid() == dbOid);
  }

  @Override
  public void writeDatabase(int spcOid, int dbOid) throws IOException {
    write(key -> key.relation().dbOid() == dbOid && key.relation().spcOid() == spcOid);
  }

  @Override
  public void edit(
      RelFileLocator relation, ForkNumber fork, long block, boolean zeroIfMissing, PageEdit edit)
      throws IOException {
    if (zeroIfMissing || block < blocks(relation, fork)) {
      Frame frame = frame(new Key(relation, fork, block));
      frame.changed |= edit.edit(frame.page, 0);
    }
  }

  @Override
  public long blocks(RelFileLocator relation, ForkNumber fork) throws IOException {
    long blocks = relations.blocks(relation, fork);
    for (Key key : frames.keySet()) {
      if (key.relation().equals(relation) && key.fork() == fork) {
        blocks = Math.max(blocks, key.block() + 1);
      }
    }
    return blocks;
  }

  /// Takes the images that a record has of pages of free space maps.
  void takeFreeSpaceMaps(DecodedXLogRecord record) throws IOException {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      BlockReference block = record.block(id);
      if (block.inUse() && block.appliesImage() && block.forkNumber() == ForkNumber.FSM.number()) {
        relations.create(block.locator(), ForkNumber.FSM);
        long number = Integer.toUnsignedLong(block.blockNumber());
        Frame frame = frame(new Key(block.locator(), ForkNumber.FSM, number));
        if (images.restoreInto(record, id, frame.page, 0) != null) {
          throw new IOException("the image is damaged");
        }
        PageHeader.putLsn(frame.page, 0, record.endLsn());
        frame.changed = true;
      }
    }
  }

  /// Writes all that has changed.
  void write() throws IOException {
    write(_ -> true);
  }

  private void write(Predicate<Key> which) throws IOException {
    for (var entry : frames.entrySet()) {
      Key key = entry.getKey();
      Frame frame = entry.getValue();
      if (frame.changed && which.test(key)) {
        if (checksums && !PageHeader.isNew(frame.page, 0)) {
          checksum.put(frame.page, 0, (int) key.block());
        }
        relations.write(
            relations.fork(key.relation(), key.fork()), key.block(), frame.page.asByteBuffer());
        frame.changed = false;
      }
    }
  }

  private Frame frame(Key key) throws IOException {
    Frame frame = frames.get(key);
    if (frame == null) {
      frame = new Frame();
      relations.read(
          relations.fork(key.relation(), key.fork()), key.block(), frame.page.asByteBuffer());
      frames.put(key, frame);
    }
    return frame;
  }

  private void forget(Predicate<Key> which) {
    frames.keySet().removeIf(which);
  }
}
