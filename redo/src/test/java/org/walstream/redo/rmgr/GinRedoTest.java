package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.GinRecord;
import org.walstream.wal.rmgr.Rmgr;

/// What consistency checks do not see of GIN's pages, and records that contradict them.
class GinRedoTest {

  private static final int SPECIAL = 8184;
  private static final byte[] NOTHING = {};

  private final GuardedPage page = new GuardedPage();

  @BeforeEach
  void innerDataPageOfThree() {
    GinPage.init(page.pool, GuardedPage.PAGE, GinPage.DATA);
    page.put(32, hex("0000" + "0a00" + "000001000100"));
    page.put(42, hex("0000" + "0b00" + "000002000100"));
    page.put(52, hex("0000" + "0c00" + "000003000100"));
    page.put(SPECIAL + 4, 3, 0);
    PageHeader.putLower(page.pool, GuardedPage.PAGE, 62);
  }

  @Test
  void aDeletedPageKeepsWhatIsOnItAndTellsWhenItMayBeUsed() throws RedoException {
    byte[] before = page.bytes();
    page.redo(deletePage(2), 0);
    assertThat(page.i32(20)).isEqualTo(0xFEDCBA98);
    assertThat(page.u16(SPECIAL + 6)).isEqualTo(0x05);
    assertThat(page.bytes(24, SPECIAL - 24)).isEqualTo(Arrays.copyOfRange(before, 24, SPECIAL));
    assertThat(page.lower()).isEqualTo(62);
  }

  @Test
  void itsParentForgetsIt() throws RedoException {
    page.redo(deletePage(2), 1);
    assertThat(page.bytes(32, 30))
        .isEqualTo(hex("00000a00000001000100" + "00000c00000003000100" + "00000c00000003000100"));
    assertThat(page.lower()).isEqualTo(52);
    assertThat(page.u16(SPECIAL + 4)).isEqualTo(2);
    page.redo(deletePage(2), 1);
    assertThat(page.lower()).isEqualTo(42);
  }

  @Test
  void thePageToTheLeftPassesIt() throws RedoException {
    page.redo(deletePage(2), 2);
    assertThat(page.i32(SPECIAL)).isEqualTo(77);
  }

  @Test
  void aPostingItemComesInFrontOfWhatWasSplit() throws RedoException {
    byte[] item = hex("0200" + "0000" + "0b00" + "000001000900");
    page.redo(insertDataInternal(item), 0);
    assertThat(page.bytes(32, 40))
        .isEqualTo(
            hex(
                "00000a00000001000100"
                    + "00000b00000001000900"
                    + "00000d00000002000100"
                    + "00000c00000003000100"));
    assertThat(page.lower()).isEqualTo(72);
    assertThat(page.u16(SPECIAL + 4)).isEqualTo(4);
  }

  @Test
  void pagesOfTheListTellWhetherTheyAreItsEnd() throws RedoException {
    page.redo(insertListpage(-1, "0000010002001000" + "0102030405060708"), 0);
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("ffffffff" + "0100" + "3000"));
    assertThat(page.item(1)).isEqualTo(hex("0000010002001000" + "0102030405060708"));
    page.redo(insertListpage(5, "0000010002001000" + "0102030405060708"), 0);
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("05000000" + "0000" + "1000"));
  }

  @Test
  void pagesOfTheListThatAreDoneWithAreEmpty() throws RedoException {
    var record = GuardedPage.record(Rmgr.GIN, GinRecord.DELETE_LISTPAGE).zeros(56).i32(1);
    record.block(0, 0, 0, NOTHING).block(1, 0, 9, NOTHING);
    page.redo(record, 1);
    assertThat(page.bytes(24, SPECIAL - 24)).containsOnly(0);
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("ffffffff" + "0000" + "0400"));
    assertThat(page.lower()).isEqualTo(24);
  }

  @Test
  void aMetapageEndsBehindWhatItTells() throws RedoException {
    byte[] metadata = new byte[56];
    Arrays.fill(metadata, (byte) 0x5A);
    var record =
        GuardedPage.record(Rmgr.GIN, GinRecord.DELETE_LISTPAGE)
            .bytes(metadata)
            .i32(0)
            .block(0, 0, 0, NOTHING);
    page.redo(record, 0);
    assertThat(page.bytes(24, 56)).isEqualTo(metadata);
    assertThat(page.lower()).isEqualTo(80);
    assertThat(page.u16(SPECIAL + 6)).isEqualTo(0x08);
  }

  @Test
  void recordsThatContradictThePage() {
    assertCorrupt(deletePage(0), 1, "invalid posting item 0 of 3");
    assertCorrupt(deletePage(4), 1, "invalid posting item 4 of 3");
    assertCorrupt(insertDataInternal(hex("0400" + "0000000b000001000900")), 0, "invalid posting");
    assertCorrupt(insertEntry("0100" + "0000" + "0000010002001000"), 0, "unexpected GIN page type");
    page.put(SPECIAL + 4, 0x2F, 0x03); // 815 items: no room for one more
    assertCorrupt(insertDataInternal(hex("0200" + "0000000b000001000900")), 0, "no room");
    page.put(SPECIAL + 4, 0xFF, 0xFF);
    assertCorrupt(deletePage(2), 1, "invalid posting item 2 of 65535");
    page.put(16, 0xF0, 0x1F);
    assertCorrupt(deletePage(2), 2, "special area at 8176");
    assertThat(page.neighboursAreUntouched()).isTrue();
  }

  @Test
  void entriesThatHaveNoPlace() {
    GinPage.init(page.pool, GuardedPage.PAGE, 0);
    assertCorrupt(insertEntry("0100" + "0000" + "0000010002001000"), 0, "invalid offset number: 1");
    page.add(new byte[4]);
    assertCorrupt(insertEntry("0100" + "0000" + "0000010002001000"), 0, "a tuple of 4 bytes");
    assertCorrupt(leafEntry("0100" + "0000" + "0000010002001000"), 0, "unexpected GIN page type");
    GinPage.init(page.pool, GuardedPage.PAGE, GinPage.LEAF);
    assertCorrupt(
        leafEntry("0200" + "0000" + "0000010002001000" + "0000000000000000"),
        0,
        "failed to add item to index page in 1663/5/16384");
    assertCorrupt(leafEntry("0100" + "0100" + "0000010002000800"), 0, "invalid index offnum: 1");
    assertCorrupt(leafEntry("0100" + "0000" + "0000010002001000"), 0, "16 bytes at 4 are not");
    assertThat(page.neighboursAreUntouched()).isTrue();
  }

  @Test
  void whatMustBeAnImage() {
    var split =
        GuardedPage.record(Rmgr.GIN, GinRecord.SPLIT).zeros(24).u16(4).block(0, 0, 1, NOTHING);
    split.block(1, 0, 2, NOTHING).block(2, 0, 3, NOTHING);
    String message = "GIN split record did not contain a full-page image of ";
    assertCorrupt(split, 0, message + "left page");
    assertCorrupt(split, 1, message + "right page");
    assertCorrupt(split, 2, message + "root page");
    assertCorrupt(
        GuardedPage.record(Rmgr.GIN, GinRecord.VACUUM_PAGE).block(0, 0, 1, NOTHING),
        0,
        "replay of gin entry tree page vacuum did not restore the page");
  }

  private static CraftedRecord deletePage(int parentOffset) {
    return GuardedPage.record(Rmgr.GIN, GinRecord.DELETE_PAGE)
        .u16(parentOffset)
        .zeros(2)
        .i32(77, 0xFEDCBA98)
        .block(0, 0, 10, NOTHING)
        .block(1, 0, 11, NOTHING)
        .block(2, 0, 12, NOTHING);
  }

  /// Block 13 is the right page of the split.
  private static CraftedRecord insertDataInternal(byte[] item) {
    return GuardedPage.record(Rmgr.GIN, GinRecord.INSERT)
        .u16(1)
        .bytes(hex("00000c00" + "00000d00"))
        .block(0, 0, 10, item)
        .block(1, 0, 11, NOTHING);
  }

  private static CraftedRecord insertEntry(String change) {
    return GuardedPage.record(Rmgr.GIN, GinRecord.INSERT)
        .u16(0)
        .bytes(hex("00000c00" + "00000d00"))
        .block(0, 0, 10, hex(change))
        .block(1, 0, 11, NOTHING);
  }

  private static CraftedRecord leafEntry(String change) {
    return GuardedPage.record(Rmgr.GIN, GinRecord.INSERT).u16(2).block(0, 0, 10, hex(change));
  }

  private static CraftedRecord insertListpage(int rightlink, String tuple) {
    return GuardedPage.record(Rmgr.GIN, GinRecord.INSERT_LISTPAGE)
        .i32(rightlink, 1)
        .block(0, 0, 10, hex(tuple));
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
