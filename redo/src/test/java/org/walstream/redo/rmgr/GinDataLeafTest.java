package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.GinRecompression;
import org.walstream.wal.rmgr.GinRecord;
import org.walstream.wal.rmgr.Rmgr;

/// Leaves through any history of changes, every byte, against one that is written anew each time.
class GinDataLeafTest {

  private static final int ROUNDS = 40;
  private static final int STEPS = 60;
  private static final int MANY = 60;
  private static final int FIRST = 32;
  private static final int END = PAGE_BYTES - 8;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final GuardedPage page = new GuardedPage();
  private final ByteArrayOutputStream actions = new ByteArrayOutputStream();
  private int actionCount;

  /// Of the page: the segments, and all its bytes.
  private List<SortedSet<Long>> segments = new ArrayList<>();

  private byte[] expected = {};

  @Test
  void leavesChangeAsTheirModel() throws RedoException {
    for (int round = 0; round < ROUNDS; round++) {
      newLeaf();
      for (int step = 0; step < STEPS; step++) {
        changeSomehow();
        page.redo(record(), 0);
        assertSame("seed %d, round %d, step %d".formatted(seed, round, step));
      }
    }
  }

  @Test
  void whatStoodBehindTheEndStays() throws RedoException {
    newLeaf();
    put(List.of(items(10, 20, 30), items(40), items(50, 60)));
    clearActions();
    action(0, GinRecompression.GIN_SEGMENT_DELETE);
    page.redo(record(), 0);
    byte[] behind = page.bytes(page.lower(), 12);
    assertThat(page.lower()).isEqualTo(FIRST + 8 + 10);
    assertThat(behind).isEqualTo(Arrays.copyOfRange(expected, FIRST + 18, FIRST + 30));
  }

  /// A page from before PostgreSQL 9.4, with pd_lower as such have it.
  @Test
  void plainTidsBecomeASegment() throws RedoException {
    newLeaf();
    page.put(FIRST, 0, 0, 5, 0, 1, 0, 0, 0, 5, 0, 2, 0, 0, 0, 6, 0, 1, 0);
    page.put(END + 4, 3, 0, 0x03, 0);
    PageHeader.putLower(page.pool, GuardedPage.PAGE, 24);
    clearActions();
    page.redo(record(), 0);
    assertThat(page.lower()).isEqualTo(FIRST + 12);
    assertThat(page.bytes(FIRST, 12))
        .containsExactly(0, 0, 5, 0, 1, 0, 3, 0, 1, (byte) 0xFF, 0x0F, 0);
    assertThat(page.bytes(END + 4, 4)).containsExactly(0, 0, (byte) 0x83, 0);
  }

  @Test
  void aPlainPageMayBeEmpty() throws RedoException {
    newLeaf();
    page.put(END + 4, 0, 0, 0x03, 0);
    clearActions();
    put(GinRecompression.GIN_SEGMENT_INSERT, 0, items(7, 8));
    page.redo(record(), 0);
    assertThat(page.lower()).isEqualTo(FIRST + 10);
    assertThat(page.u16(END + 6)).isEqualTo(0x83);
  }

  @Test
  void recordsThatDoNotFitThePage() {
    newLeaf();
    put(List.of(items(10, 20), items(40)));
    assertCorrupt(2, GinRecompression.GIN_SEGMENT_DELETE, "posting list at 50 ends behind 50");
    assertCorrupt(3, GinRecompression.GIN_SEGMENT_DELETE, "posting list at 50 ends behind 50");
    assertCorrupt(0, 9, "unexpected GIN leaf action: 9");
    clearActions();
    action(1, GinRecompression.GIN_SEGMENT_DELETE);
    action(0, GinRecompression.GIN_SEGMENT_DELETE);
    assertThatThrownBy(() -> page.redo(record(), 0)).hasMessageContaining("segment 0 comes after");
    clearActions();
    actions.writeBytes(
        new byte[] {2, GinRecompression.GIN_SEGMENT_ADDITEMS, 1, 0, 0, 0, 0, 0, 1, 0});
    actionCount++;
    assertThatThrownBy(() -> page.redo(record(), 0)).hasMessageContaining("ends behind");
    PageHeader.putLower(page.pool, GuardedPage.PAGE, 8190);
    assertCorrupt(0, GinRecompression.GIN_SEGMENT_DELETE, "posting lists of a page end at 8190");
    assertThat(page.neighboursAreUntouched()).isTrue();
  }

  @Test
  void segmentsThatHaveNoRoom() {
    newLeaf();
    put(List.of(items(1, 2, 3)));
    clearActions();
    for (int segment = 0; segment < 3; segment++) {
      long[] many = new long[3000];
      Arrays.setAll(many, i -> 10_000 + i);
      put(GinRecompression.GIN_SEGMENT_INSERT, 1, items(many));
    }
    assertThatThrownBy(() -> page.redo(record(), 0)).hasMessageContaining("no room");
    assertThat(page.neighboursAreUntouched()).isTrue();
  }

  private void newLeaf() {
    GinPage.init(page.pool, GuardedPage.PAGE, GinPage.DATA | GinPage.LEAF | GinPage.COMPRESSED);
    byte[] garbage = new byte[END - FIRST];
    random.nextBytes(garbage);
    page.put(FIRST, garbage);
    put(List.of());
  }

  /// Sets the page up.
  private void put(List<SortedSet<Long>> segments) {
    this.segments = new ArrayList<>(segments);
    byte[] lists = encoded(segments);
    page.put(FIRST, lists);
    PageHeader.putLower(page.pool, GuardedPage.PAGE, FIRST + lists.length);
    expected = page.bytes();
  }

  /// Actions on some of the segments, and the page that they make.
  private void changeSomehow() {
    clearActions();
    var changed = new ArrayList<SortedSet<Long>>();
    for (int segno = 0; segno < segments.size(); segno++) {
      SortedSet<Long> segment = segments.get(segno);
      if (random.nextInt(4) == 0 && segments.size() + changed.size() < MANY) {
        changed.add(insert(segno));
      }
      switch (random.nextInt(segment.size() < 10 ? 7 : 2)) {
        case 0 -> action(segno, GinRecompression.GIN_SEGMENT_DELETE);
        case 1 -> {
          var other = someItems();
          put(GinRecompression.GIN_SEGMENT_REPLACE, segno, other);
          changed.add(other);
        }
        case 2 -> changed.add(addItems(segno, segment));
        default -> changed.add(segment);
      }
    }
    if (changed.size() < MANY && random.nextInt(2) == 0) {
      changed.add(insert(segments.size()));
    }
    segments = changed;
    byte[] lists = encoded(segments);
    System.arraycopy(lists, 0, expected, FIRST, lists.length);
    expected[12] = (byte) (FIRST + lists.length);
    expected[13] = (byte) ((FIRST + lists.length) >>> 8);
  }

  private SortedSet<Long> insert(int segno) {
    var items = someItems();
    put(GinRecompression.GIN_SEGMENT_INSERT, segno, items);
    return items;
  }

  /// Some of them are there already.
  private SortedSet<Long> addItems(int segno, SortedSet<Long> segment) {
    var added = someItems();
    added.add(segment.first());
    action(segno, GinRecompression.GIN_SEGMENT_ADDITEMS);
    actions.write(added.size());
    actions.write(0);
    added.forEach(item -> actions.writeBytes(tid(item)));
    var all = new TreeSet<>(segment);
    all.addAll(added);
    return all;
  }

  private SortedSet<Long> someItems() {
    var items = new TreeSet<Long>();
    for (int count = 1 + random.nextInt(5); count > 0; count--) {
      items.add(1 + random.nextLong(1L << random.nextInt(8, 42)));
    }
    return items;
  }

  private static SortedSet<Long> items(long... items) {
    var all = new TreeSet<Long>();
    for (long item : items) {
      all.add(item);
    }
    return all;
  }

  private static byte[] encoded(List<SortedSet<Long>> segments) {
    var lists = new ByteArrayOutputStream();
    var writer = new GinPostingListWriter();
    for (SortedSet<Long> segment : segments) {
      writer.begin();
      segment.forEach(writer::add);
      lists.write(writer.array(), 0, writer.finish());
    }
    return lists.toByteArray();
  }

  private static byte[] tid(long item) {
    int block = GinPostingList.block(item);
    int offset = GinPostingList.offset(item);
    return new byte[] {
      (byte) (block >>> 16),
      (byte) (block >>> 24),
      (byte) block,
      (byte) (block >>> 8),
      (byte) offset,
      (byte) (offset >>> 8)
    };
  }

  private void clearActions() {
    actions.reset();
    actionCount = 0;
  }

  private void action(int segno, int type) {
    actions.write(segno);
    actions.write(type);
    actionCount++;
  }

  private void put(int type, int segno, SortedSet<Long> items) {
    action(segno, type);
    actions.writeBytes(encoded(List.of(items)));
  }

  private CraftedRecord record() {
    var data = new ByteArrayOutputStream();
    data.write(actionCount);
    data.write(0);
    data.writeBytes(actions.toByteArray());
    return GuardedPage.record(Rmgr.GIN, GinRecord.VACUUM_DATA_LEAF_PAGE)
        .block(0, 0, 7, data.toByteArray());
  }

  private void assertCorrupt(int segno, int type, String message) {
    clearActions();
    action(segno, type);
    assertThatThrownBy(() -> page.redo(record(), 0)).hasMessageContaining(message);
  }

  private void assertSame(String what) {
    byte[] found = page.bytes();
    Arrays.fill(found, 0, Long.BYTES, (byte) 0);
    Arrays.fill(expected, 0, Long.BYTES, (byte) 0);
    int differs = Arrays.mismatch(found, expected);
    assertThat(differs).as(what).isEqualTo(-1);
    assertThat(PageBytes.u16(page.pool, GuardedPage.PAGE + 12)).as(what).isLessThan(END);
  }
}
