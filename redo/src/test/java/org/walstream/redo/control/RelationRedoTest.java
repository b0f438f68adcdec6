package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.wal.record.ForkNumber.FSM;
import static org.walstream.wal.record.ForkNumber.MAIN;
import static org.walstream.wal.record.ForkNumber.VISIBILITY_MAP;
import static org.walstream.wal.rmgr.StorageRecord.CREATE;
import static org.walstream.wal.rmgr.StorageRecord.TRUNCATE;
import static org.walstream.wal.rmgr.StorageRecord.Truncate.SMGR_TRUNCATE_FSM;
import static org.walstream.wal.rmgr.StorageRecord.Truncate.SMGR_TRUNCATE_HEAP;
import static org.walstream.wal.rmgr.StorageRecord.Truncate.SMGR_TRUNCATE_VM;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.FreeSpaceMap;
import org.walstream.redo.page.FreeSpaceMapPage;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.Rmgr;

class RelationRedoTest {

  private static final int PAGE = PageHeader.PAGE_BYTES;
  private static final int ALL = SMGR_TRUNCATE_HEAP | SMGR_TRUNCATE_VM | SMGR_TRUNCATE_FSM;

  @TempDir Path data;

  private ControlFixture fixture;
  private Path main;
  private Path fsm;
  private Path vm;

  @BeforeEach
  void makeDirectories() throws IOException {
    fixture = new ControlFixture(data, WalFormat.PG_18);
    main = data.resolve("base/5/16384");
    fsm = data.resolve("base/5/16384_fsm");
    vm = data.resolve("base/5/16384_vm");
  }

  @Test
  void createsForksThatAreMissing() throws IOException {
    redo(false, fixture.record(Rmgr.STORAGE, CREATE).i32(1663, 5, 16384, 3).decoded());
    assertThat(data.resolve("base/5/16384_init")).isEmptyFile();
    assertThat(main).doesNotExist();
  }

  @Test
  void cutsTheMainForkAndMakesItIfItHasGone() throws IOException {
    Files.write(main, new byte[10 * PAGE]);
    DecodedXLogRecord record = truncate(4, ALL);
    redo(false, record);
    assertThat(main).hasSize(4L * PAGE);
    assertThat(fixture.required).containsExactly(record.endLsn());
    redo(false, truncate(8, ALL));
    assertThat(main).hasSize(4L * PAGE);
    assertThat(fsm).doesNotExist();
    assertThat(vm).doesNotExist();
    fixture.files.remove(main);
    redo(false, truncate(4, SMGR_TRUNCATE_VM));
    assertThat(main).isEmptyFile();
  }

  @Test
  void theLastPageOfTheVisibilityMapForgetsWhatGoes() throws IOException {
    int kept = VisibilityMapPage.HEAP_BLOCKS + 5;
    MemorySegment map = pages(3);
    for (int block : new int[] {kept - 1, kept, kept + 100}) {
      VisibilityMapPage.set(map, PAGE, block, VisibilityMapPage.ALL);
    }
    write(vm, map);
    redo(false, truncate(kept, ALL));
    assertThat(vm).hasSize(2L * PAGE);
    MemorySegment left = read(vm);
    assertThat(VisibilityMapPage.status(left, PAGE, kept - 1)).isEqualTo(VisibilityMapPage.ALL);
    assertThat(VisibilityMapPage.status(left, PAGE, kept)).isZero();
    assertThat(VisibilityMapPage.status(left, PAGE, kept + 100)).isZero();
    assertThat(PageHeader.lsn(left, PAGE)).isZero();

    redo(false, truncate(VisibilityMapPage.HEAP_BLOCKS, SMGR_TRUNCATE_VM));
    assertThat(vm).hasSize(PAGE);
    redo(false, truncate(2 * VisibilityMapPage.HEAP_BLOCKS + 1, SMGR_TRUNCATE_VM));
    assertThat(vm).as("it was shorter already").hasSize(PAGE);
  }

  @Test
  void aMapPageOfZerosGetsItsHeader() throws IOException {
    Files.write(vm, new byte[PAGE]);
    Files.write(fsm, new byte[3 * PAGE]);
    redo(false, truncate(5, ALL));
    assertThat(PageHeader.isNew(read(vm), 0)).isFalse();
    assertThat(PageHeader.isNew(read(fsm), 2 * PAGE)).isFalse();
    assertThat(PageHeader.isNew(read(fsm), 0)).as("no slot of it has changed").isTrue();
  }

  @Test
  void theFreeSpaceMapIsToldUpToItsRoot() throws IOException {
    freeSpace();
    int kept = FreeSpaceMapPage.SLOTS + 10;
    redo(false, truncate(kept, ALL));
    MemorySegment left = read(fsm);
    assertThat(left.byteSize()).isEqualTo(4L * PAGE);
    assertThat(FreeSpaceMapPage.category(left, 3 * PAGE, 9)).isEqualTo(20);
    assertThat(FreeSpaceMapPage.category(left, 3 * PAGE, 10)).isZero();
    assertThat(FreeSpaceMapPage.highestCategory(left, 3 * PAGE)).isEqualTo(20);
    assertThat(FreeSpaceMapPage.category(left, PAGE, 0)).as("before what goes").isEqualTo(7);
    assertThat(FreeSpaceMapPage.category(left, PAGE, 1)).isEqualTo(20);
    assertThat(FreeSpaceMapPage.category(left, PAGE, 2)).as("gone").isZero();
    assertThat(FreeSpaceMapPage.category(left, 0, 0)).isEqualTo(20);
    assertThat(FreeSpaceMapPage.nextSlot(left, 0)).isZero();
  }

  @Test
  void withChecksumsOnlyTheLowestLevelIsWritten() throws IOException {
    freeSpace();
    redo(true, truncate(FreeSpaceMapPage.SLOTS + 10, ALL));
    MemorySegment left = read(fsm);
    assertThat(FreeSpaceMapPage.highestCategory(left, 3 * PAGE)).isEqualTo(20);
    assertThat(FreeSpaceMapPage.category(left, PAGE, 1)).isEqualTo(200);
    assertThat(FreeSpaceMapPage.category(left, 0, 0)).isEqualTo(200);
    assertThat(FreeSpaceMapPage.nextSlot(left, 0)).isEqualTo(99);
  }

  @Test
  void cutToNothingTheMapKeepsItsUpperPages() throws IOException {
    freeSpace();
    redo(false, truncate(0, ALL));
    MemorySegment left = read(fsm);
    assertThat(left.byteSize()).isEqualTo(2L * PAGE);
    assertThat(FreeSpaceMapPage.highestCategory(left, 0)).isZero();
    assertThat(FreeSpaceMapPage.highestCategory(left, PAGE)).isZero();
  }

  @Test
  void aForkThatGrewInMemoryAloneKeepsItsLengthWhenItIsCut() throws IOException {
    var relation = new RelFileLocator(1663, 5, 16384);
    for (var fork : new ForkNumber[] {MAIN, FSM, VISIBILITY_MAP}) {
      fixture.relations.create(relation, fork);
      fixture.pages.edit(relation, fork, 9, true, (_, _) -> true);
    }
    redo(false, truncate(4, SMGR_TRUNCATE_HEAP | SMGR_TRUNCATE_FSM));
    assertThat(main).hasBinaryContent(new byte[4 * PAGE]);
    assertThat(fsm).hasSize(3L * PAGE);
    assertThat(vm).hasSize(10L * PAGE);

    redo(false, truncate(2 * VisibilityMapPage.HEAP_BLOCKS, SMGR_TRUNCATE_VM));
    assertThat(vm).hasBinaryContent(new byte[2 * PAGE]);
  }

  /// Three pages of the lowest level, and those above them.
  private void freeSpace() throws IOException {
    MemorySegment map = pages(5);
    FreeSpaceMapPage.set(map, page(0, 0), 4, 5);
    FreeSpaceMapPage.set(map, page(0, 1), 9, 20);
    FreeSpaceMapPage.set(map, page(0, 1), 10, 200);
    FreeSpaceMapPage.set(map, page(0, 2), 1, 100);
    FreeSpaceMapPage.set(map, page(1, 0), 0, 7);
    FreeSpaceMapPage.set(map, page(1, 0), 1, 200);
    FreeSpaceMapPage.set(map, page(1, 0), 2, 100);
    FreeSpaceMapPage.set(map, page(2, 0), 0, 200);
    FreeSpaceMapPage.putNextSlot(map, page(2, 0), 99);
    write(fsm, map);
  }

  private static long page(int level, int number) {
    return (long) FreeSpaceMap.blockOf(level, number) * PAGE;
  }

  private void redo(boolean logsHints, DecodedXLogRecord record) throws IOException {
    var control =
        new ControlRedo(
            RedoProfile.newest(fixture.format),
            fixture.files,
            fixture.paths,
            fixture.relations,
            fixture.pages,
            fixture.required::add,
            logsHints);
    control.redo(record);
    control.settle();
    fixture.pages.write();
  }

  private DecodedXLogRecord truncate(int blocks, int flags) {
    return fixture.record(Rmgr.STORAGE, TRUNCATE).i32(blocks, 1663, 5, 16384, flags).decoded();
  }

  private static MemorySegment pages(int count) {
    MemorySegment pages = MemorySegment.ofArray(new byte[count * PAGE]);
    for (int page = 0; page < count; page++) {
      PageHeader.init(pages, (long) page * PAGE, 0);
    }
    return pages;
  }

  private static void write(Path file, MemorySegment pages) throws IOException {
    Files.write(file, (byte[]) pages.heapBase().orElseThrow());
  }

  private static MemorySegment read(Path file) throws IOException {
    return MemorySegment.ofArray(Files.readAllBytes(file));
  }
}
