package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.rmgr.GistRecord;
import org.walstream.wal.rmgr.Rmgr;

/// What consistency checks do not see of GiST's pages, and records that contradict them.
class GistRedoTest {

  private static final int SPECIAL = 8176;
  private static final int FLAGS = SPECIAL + 12;
  private static final byte[] NOTHING = {};

  private final GuardedPage page = new GuardedPage();

  @BeforeEach
  void leafOfThree() {
    GistPage.init(
        page.pool,
        GuardedPage.PAGE,
        GistPage.LEAF | GistPage.FOLLOW_RIGHT | GistPage.HAS_GARBAGE,
        9);
    for (int number = 1; number <= 3; number++) {
      page.add(tuple(number, 16));
    }
  }

  @Test
  void theLeftPageOfASplitIsToldThatItIsComplete() throws RedoException {
    long end = page.redo(update(1, 0).block(1, 0, 5, NOTHING), 1);
    assertComplete(end);
  }

  /// The image was taken before.
  @Test
  void alsoWhenItsImageHasBeenRestored() throws RedoException {
    byte[] image = page.bytes();
    int apply = BlockReference.BKPIMAGE_APPLY;
    long end = page.redo(update(1, 0).image(1, 0, 5, apply, image, 0, 0), 1);
    assertComplete(end);
    leafOfThree();
    CraftedRecord split = split(0, 1).image(0, 0, 5, apply, image, 0, 0);
    end = page.redo(split.block(1, 0, 6, onePage()), 0);
    assertComplete(end);
  }

  private void assertComplete(long end) {
    assertThat(page.i32(SPECIAL)).isEqualTo((int) (end >>> 32));
    assertThat(page.i32(SPECIAL + 4)).isEqualTo((int) end);
    assertThat(page.u16(FLAGS)).isEqualTo(0x11);
    assertThat(PageHeader.lsn(page.pool, GuardedPage.PAGE)).isEqualTo(end);
  }

  /// A server that removes dead tuples does not note it on the page: replay does.
  @Test
  void replayNotesThatTuplesWereDeleted() throws RedoException {
    page.redo(delete(1, 3), 0);
    assertThat(page.u16(FLAGS)).isEqualTo(0x0D);
    assertThat(page.items()).isEqualTo(1);
    assertThat(page.item(1)).isEqualTo(tuple(2, 16));
  }

  @Test
  void vacuumNotesItOnLeavesOnly() throws RedoException {
    page.redo(updateWith(2, 0, "0100" + "0200"), 0);
    assertThat(page.u16(FLAGS)).isEqualTo(0x1D);
    GistPage.init(page.pool, GuardedPage.PAGE, 0, 9);
    page.add(tuple(1, 16));
    page.redo(updateWith(1, 0, "0100"), 0);
    assertThat(page.u16(FLAGS)).isZero();
  }

  @Test
  void oneTupleForAnotherKeepsItsNumber() throws RedoException {
    byte[] longer = tuple(7, 24);
    page.redo(updateWith(1, 1, "0200" + HexFormat.of().formatHex(longer)), 0);
    assertThat(page.items()).isEqualTo(3);
    assertThat(page.item(2)).isEqualTo(longer);
    assertThat(page.item(3)).isEqualTo(tuple(3, 16));
    assertThat(page.u16(FLAGS)).isEqualTo(0x19);
  }

  @Test
  void oneForTwoComesBehindTheOthers() throws RedoException {
    String tuples = HexFormat.of().formatHex(tuple(7, 16)) + HexFormat.of().formatHex(tuple(8, 16));
    page.redo(updateWith(1, 2, "0200" + tuples), 0);
    assertThat(page.items()).isEqualTo(4);
    assertThat(page.item(2)).isEqualTo(tuple(3, 16));
    assertThat(page.item(4)).isEqualTo(tuple(8, 16));
  }

  @Test
  void aSplitLinksItsPagesAndHasThemFollowed() throws RedoException {
    CraftedRecord split = split(1, 3);
    split.block(1, 0, 6, onePage()).block(2, 0, 8, onePage()).block(3, 0, 7, onePage());
    page.redo(split, 1);
    assertPage(8, 0x09);
    page.redo(split, 2);
    assertPage(7, 0x09);
    page.redo(split, 3);
    assertPage(77, 0x01);
  }

  @Test
  void theRootIsTheParentOfWhatItIsSplitInto() throws RedoException {
    CraftedRecord split = split(1, 3);
    split.block(1, 0, 0, onePage()).block(2, 0, 8, onePage()).block(3, 0, 7, onePage());
    page.redo(split, 1);
    assertPage(-1, 0x00);
    page.redo(split, 2);
    assertPage(7, 0x01);
    page.redo(split, 3);
    assertPage(77, 0x01);
  }

  private void assertPage(int rightlink, int flags) {
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("02000000" + "01000000"));
    assertThat(page.i32(SPECIAL + 8)).isEqualTo(rightlink);
    assertThat(page.u16(FLAGS)).isEqualTo(flags);
    assertThat(page.u16(SPECIAL + 14)).isEqualTo(0xFF81);
    assertThat(page.item(1)).isEqualTo(tuple(7, 16));
    assertThat(page.items()).isEqualTo(1);
  }

  @Test
  void aDeletedPageTellsWhenItMayBeUsedInPlaceOfLinePointers() throws RedoException {
    page.redo(delete(1, 2, 3), 0);
    page.redo(pageDelete(0), 0);
    assertThat(page.bytes(24, 8)).isEqualTo(hex("8877665544332211"));
    assertThat(page.lower()).isEqualTo(32);
    assertThat(page.u16(FLAGS) & 2).isEqualTo(2);
  }

  @Test
  void recordsThatContradictThePage() {
    assertCorrupt(pageDelete(0), 0, "deleted page has 3 tuples");
    assertCorrupt(pageDelete(4), 1, "invalid index offnum: 4");
    assertCorrupt(delete(4), 0, "invalid index offnum: 4");
    assertCorrupt(delete(1, 2, 4), 0, "incorrect index offsets supplied");
    leafOfThree();
    assertCorrupt(delete(new int[3000]), 0, "incorrect index offsets supplied");
    assertCorrupt(updateWith(1, 1, "0100" + "000001000200ff1f"), 0, "are not within");
    String tooLong = "000001000200ff1f" + "00".repeat(8183);
    String message = "failed to add item to GiST index page, size 8191 bytes";
    assertCorrupt(updateWith(1, 1, "0100" + tooLong), 0, message);
    assertCorrupt(updateWith(0, 1, tooLong), 0, message);
    assertCorrupt(updateWith(0, 1, "0000010002000000"), 0, "corrupted line pointer");
    assertCorrupt(split(1, 2).block(1, 0, 6, onePage()), 1, "could not locate backup block");
    page.put(16, 0, 0x20);
    assertCorrupt(update(1, 0).block(1, 0, 5, NOTHING), 1, "special area at 8192");
    assertThat(page.neighboursAreUntouched()).isTrue();
  }

  private static CraftedRecord update(int toDelete, int toInsert) {
    return GuardedPage.record(Rmgr.GIST, GistRecord.PAGE_UPDATE).u16(toDelete).u16(toInsert);
  }

  private static CraftedRecord updateWith(int toDelete, int toInsert, String change) {
    return update(toDelete, toInsert).block(0, 0, 6, hex(change));
  }

  private static CraftedRecord delete(int... numbers) {
    CraftedRecord record = GuardedPage.record(Rmgr.GIST, GistRecord.DELETE).i32(700);
    record.u16(numbers.length).zeros(2);
    for (int number : numbers) {
      record.u16(number);
    }
    return record.block(0, 0, 6, NOTHING);
  }

  private static CraftedRecord split(int followRight, int pages) {
    return GuardedPage.record(Rmgr.GIST, GistRecord.PAGE_SPLIT)
        .i32(77, 0)
        .i64(0x2_0000_0001L)
        .u8(1)
        .u8(0)
        .u16(pages)
        .u8(followRight)
        .zeros(3);
  }

  private static CraftedRecord pageDelete(int downlink) {
    return GuardedPage.record(Rmgr.GIST, GistRecord.PAGE_DELETE)
        .i64(0x1122334455667788L)
        .u16(downlink)
        .block(0, 0, 6, NOTHING)
        .block(1, 0, 7, NOTHING);
  }

  private static byte[] onePage() {
    return hex("01000000" + HexFormat.of().formatHex(tuple(7, 16)));
  }

  private static byte[] tuple(int row, int length) {
    byte[] tuple = new byte[length];
    tuple[4] = (byte) row;
    tuple[6] = (byte) length;
    return tuple;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private void assertCorrupt(CraftedRecord record, int block, String message) {
    assertThatThrownBy(() -> page.redo(record, block))
        .isInstanceOf(RedoException.class)
        .hasMessageContaining(message);
  }
}
