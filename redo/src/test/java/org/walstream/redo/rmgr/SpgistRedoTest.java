package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.SpgistRecord;

/// Dead tuples and their counts to the byte, and records that contradict SP-GiST's pages.
class SpgistRedoTest {

  private static final int SPECIAL = 8184;
  private static final byte[] NOTHING = {};

  /// Dead tuples of 16 bytes: head, t_info, pointer, xid.
  private static final String PLACEHOLDER = "43000000" + "0000" + "ffffffff0000" + "00000000";

  private static final String DEAD = "42000000" + "0000" + "ffffffff0000" + "00000000";
  private static final String REDIRECT = "41000000" + "0000" + "000009000700" + "ddccbbaa";

  private final GuardedPage page = new GuardedPage();

  @BeforeEach
  void fiveLeafTuples() {
    SpgistPage.initLeaf(page.pool, GuardedPage.PAGE, false);
    for (int number = 1; number <= 5; number++) {
      page.add(leaf(number, 24));
    }
  }

  /// Not the one with the lowest number.
  @Test
  void theFirstThatIsNamedLeadsToWhereAllWent() throws RedoException {
    page.redo(moveLeafs(false, 4, 2, 3), 0);
    assertItems(leaf(1, 24), hex(PLACEHOLDER), hex(PLACEHOLDER), hex(REDIRECT), leaf(5, 24));
    assertCounts(1, 2);
  }

  @Test
  void twoTuplesKeepTheOrderOfTheOthers() throws RedoException {
    page.redo(moveLeafs(false, 5, 1), 0);
    assertItems(hex(PLACEHOLDER), leaf(2, 24), leaf(3, 24), leaf(4, 24), hex(REDIRECT));
    assertCounts(1, 1);
  }

  @Test
  void nobodyNeedsRedirectsOfAnIndexThatIsBeingBuilt() throws RedoException {
    page.redo(moveLeafs(true, 4, 2), 0);
    assertItems(leaf(1, 24), hex(PLACEHOLDER), leaf(3, 24), hex(PLACEHOLDER), leaf(5, 24));
    assertCounts(0, 2);
  }

  @Test
  void vacuumKillsMovesAndChains() throws RedoException {
    var record = GuardedPage.record(Rmgr.SPGIST, SpgistRecord.VACUUM_LEAF);
    record.u16(1).u16(1).u16(1).u16(1).i32(0xAABBCCDD).u8(0).zeros(3);
    record.u16(1).u16(2).u16(5).u16(3).u16(3).u16(4); // dead, placeholder, move, chain
    page.redo(record.block(0, 0, 3, NOTHING), 0);
    byte[] chained = leaf(5, 24);
    chained[4] = 4;
    assertItems(hex(DEAD), hex(PLACEHOLDER), chained, leaf(4, 24), hex(PLACEHOLDER));
    assertCounts(0, 2);
  }

  @Test
  void aRedirectThatBecomesAPlaceholderKeepsItsTransaction() throws RedoException {
    page.redo(moveLeafs(false, 4, 2), 0);
    page.redo(vacuumRedirect(0, 4), 0);
    String kept = "43000000" + "0000" + "ffffffff0000" + "ddccbbaa";
    assertItems(leaf(1, 24), hex(PLACEHOLDER), leaf(3, 24), hex(kept), leaf(5, 24));
    assertCounts(0, 2);
  }

  @Test
  void placeholdersAtTheEndGo() throws RedoException {
    page.redo(moveLeafs(false, 4, 2, 3, 5), 0);
    page.redo(vacuumRedirect(2, 4), 0);
    assertItems(leaf(1, 24));
    assertCounts(0, 0);
    assertThat(page.lower()).isEqualTo(28);
  }

  @Test
  void aTupleTakesAPlaceholdersPlaceAndJoinsItsChain() throws RedoException {
    page.redo(moveLeafs(false, 4, 2), 0);
    page.redo(addLeaf(2, 3, leaf(7, 32)), 0);
    byte[] head = leaf(3, 24);
    head[4] = 2;
    assertItems(leaf(1, 24), leaf(7, 32), head, hex(REDIRECT), leaf(5, 24));
    assertCounts(1, 0);
  }

  /// Two bits beside the number belong to others.
  @Test
  void whatElseIsBesideALinkStays() throws RedoException {
    page.put(8184 - 24 + 4, 0xFF, 0xFF);
    page.redo(addLeaf(6, 1, leaf(7, 24)), 0);
    assertThat(page.item(1)[4]).isEqualTo((byte) 6);
    assertThat(page.item(1)[5]).isEqualTo((byte) 0xC0);
  }

  @Test
  void anInnerTupleThatMovesLeavesARedirect() throws RedoException {
    page.redo(addNode(false), 0);
    byte[] redirect = hex(REDIRECT);
    assertItems(leaf(1, 24), redirect, leaf(3, 24), leaf(4, 24), leaf(5, 24));
    assertCounts(1, 0);
    fiveLeafTuples();
    page.redo(addNode(true), 0);
    assertItems(leaf(1, 24), hex(PLACEHOLDER), leaf(3, 24), leaf(4, 24), leaf(5, 24));
    assertCounts(0, 1);
  }

  @Test
  void aNodeIsFoundBehindThePrefixAndThoseBefore() throws RedoException {
    SpgistPage.initInner(page.pool, GuardedPage.PAGE, false);
    page.add(inner(3));
    page.redo(addLeaf(7, 0, leaf(1, 24), 1, 2), 1);
    byte[] expected = inner(3);
    System.arraycopy(hex("000008000700"), 0, expected, 16 + 2 * 8, 6);
    assertThat(page.item(1)).isEqualTo(expected);
  }

  @Test
  void newPagesTellWhatIsOnThem() throws RedoException {
    page.redo(newLeafPage(0), 0);
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("0400" + "0000" + "0000" + "82ff"));
    assertItems(leaf(1, 24));
    page.redo(newLeafPage(1), 0);
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("0c00" + "0000" + "0000" + "82ff"));
  }

  @Test
  void recordsThatContradictThePage() {
    assertCorrupt(
        addLeaf(2, 0, leaf(7, 24)), 0, "SPGiST tuple to be replaced is not a placeholder");
    assertCorrupt(addLeaf(0, 1, leaf(7, 24)), 0, "invalid offset number: 0");
    assertCorrupt(
        addLeaf(7, 0, leaf(7, 24)), 0, "failed to add item of size 24 to SPGiST index page");
    assertCorrupt(addLeaf(6, 9, leaf(7, 24)), 0, "invalid offset number: 9");
    fiveLeafTuples();
    byte[] huge = leaf(7, 24);
    huge[2] = 1;
    assertCorrupt(addLeaf(6, 0, huge), 0, "failed to add item of size 16408");
    assertCorrupt(moveLeafs(false, 1, 2, 6), 0, "incorrect index offsets supplied");
    assertCorrupt(moveLeafs(false, 2, 2, 3), 0, "incorrect index offsets supplied");
    assertCorrupt(moveLeafs(false, 6), 0, "invalid index offnum: 6");
    assertCorrupt(vacuumRedirect(0, 2), 0, "SPGiST tuple 2 is not a redirection");
    assertCorrupt(vacuumRedirect(0, 6), 0, "invalid offset number: 6");
    assertCorrupt(vacuumRedirect(9), 0, "no placeholder 9");
    assertThat(page.neighboursAreUntouched()).isTrue();
  }

  @Test
  void nodesThatAreNotThere() {
    SpgistPage.initInner(page.pool, GuardedPage.PAGE, false);
    page.add(inner(3));
    String message = "failed to find requested node 3 in SPGiST inner tuple";
    assertCorrupt(addLeaf(7, 0, leaf(1, 24), 1, 3), 1, message);
    byte[] lies = inner(3);
    lies[0] = (byte) 0xF8;
    page.add(lies);
    assertCorrupt(addLeaf(7, 0, leaf(1, 24), 2, 3), 1, message);
    byte[] prefix = inner(3);
    prefix[3] = (byte) 0xFF;
    page.add(prefix);
    assertCorrupt(addLeaf(7, 0, leaf(1, 24), 3, 0), 1, "failed to find requested node 0");
    page.add(new byte[4]);
    assertCorrupt(addLeaf(7, 0, leaf(1, 24), 4, 0), 1, "a tuple of 4 bytes");
    assertThat(page.neighboursAreUntouched()).isTrue();
  }

  /// Tuples move from here to number 7 of block 9.
  private static CraftedRecord moveLeafs(boolean isBuild, int... numbers) {
    var record = GuardedPage.record(Rmgr.SPGIST, SpgistRecord.MOVE_LEAFS);
    record.u16(numbers.length).u8(0).u8(1).u8(0).u8(0).u16(1).u16(0).zeros(2);
    record.i32(0xAABBCCDD).u8(isBuild ? 1 : 0).zeros(3);
    for (int number : numbers) {
      record.u16(number);
    }
    return record
        .u16(7)
        .bytes(leaf(1, 24))
        .block(0, 0, 8, NOTHING)
        .block(1, 0, 9, NOTHING)
        .block(2, 0, 10, NOTHING);
  }

  private static CraftedRecord addLeaf(int number, int head, byte[] tuple) {
    return addLeaf(number, head, tuple, 0, 0);
  }

  /// Of block 8.
  private static CraftedRecord addLeaf(int number, int head, byte[] tuple, int parent, int node) {
    return GuardedPage.record(Rmgr.SPGIST, SpgistRecord.ADD_LEAF)
        .u8(0)
        .u8(0)
        .u16(number)
        .u16(head)
        .u16(parent)
        .u16(node)
        .bytes(tuple)
        .block(0, 0, 8, NOTHING)
        .block(1, 0, 9, NOTHING);
  }

  private static CraftedRecord newLeafPage(int storesNulls) {
    return GuardedPage.record(Rmgr.SPGIST, SpgistRecord.ADD_LEAF)
        .u8(1)
        .u8(storesNulls)
        .u16(1)
        .zeros(6)
        .bytes(leaf(1, 24))
        .block(0, 0, 8, NOTHING);
  }

  /// Number 2 of block 8 moves to number 7 of block 9.
  private static CraftedRecord addNode(boolean isBuild) {
    return GuardedPage.record(Rmgr.SPGIST, SpgistRecord.ADD_NODE)
        .u16(2)
        .u16(7)
        .u8(0)
        .u8(2)
        .u16(1)
        .u16(0)
        .zeros(2)
        .i32(0xAABBCCDD)
        .u8(isBuild ? 1 : 0)
        .zeros(3)
        .bytes(inner(3))
        .block(0, 0, 8, NOTHING)
        .block(1, 0, 9, NOTHING)
        .block(2, 0, 10, NOTHING);
  }

  private static CraftedRecord vacuumRedirect(int firstPlaceholder, int... numbers) {
    var record = GuardedPage.record(Rmgr.SPGIST, SpgistRecord.VACUUM_REDIRECT);
    record.u16(numbers.length).u16(firstPlaceholder).i32(700).u8(0).zeros(1);
    for (int number : numbers) {
      record.u16(number);
    }
    return record.block(0, 0, 8, NOTHING);
  }

  private static byte[] leaf(int row, int length) {
    byte[] tuple = new byte[length];
    tuple[0] = (byte) (length << 2);
    tuple[10] = (byte) row;
    return tuple;
  }

  /// With a prefix of 8 bytes, and nodes of 8.
  private static byte[] inner(int nodes) {
    int length = 16 + 8 * nodes;
    byte[] tuple = new byte[length];
    tuple[0] = (byte) (nodes << 3);
    tuple[2] = 8;
    tuple[4] = (byte) length;
    for (int node = 0; node < nodes; node++) {
      tuple[16 + 8 * node + 6] = 8;
    }
    return tuple;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private void assertItems(byte[]... items) {
    assertThat(page.items()).isEqualTo(items.length);
    for (int number = 1; number <= items.length; number++) {
      assertThat(page.item(number)).as("item %d", number).isEqualTo(items[number - 1]);
    }
    assertThat(PageHeader.special(page.pool, GuardedPage.PAGE)).isEqualTo(SPECIAL);
  }

  private void assertCounts(int redirections, int placeholders) {
    assertThat(page.u16(SPECIAL + 2)).as("redirections").isEqualTo(redirections);
    assertThat(page.u16(SPECIAL + 4)).as("placeholders").isEqualTo(placeholders);
  }

  private void assertCorrupt(CraftedRecord record, int block, String message) {
    assertThatThrownBy(() -> page.redo(record, block))
        .isInstanceOf(RedoException.class)
        .hasMessageContaining(message);
  }
}
