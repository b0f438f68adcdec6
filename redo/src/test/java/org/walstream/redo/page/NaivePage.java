package org.walstream.redo.page;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/// A page told without offsets: a list of line pointers, and the items in the order in which they
/// stand. Every change makes all of the page anew, hole included, from what it should look like
/// after it.
final class NaivePage {

  /// @param item [#NO_ITEM] for a line pointer without storage
  record Slot(int flags, Item item, int target) {

    boolean hasStorage() {
      return item != NO_ITEM;
    }
  }

  /// An item with its padding, told from others of the same bytes.
  static final class Item {
    final byte[] padded;
    final int length;

    Item(byte[] padded, int length) {
      this.padded = padded;
      this.length = length;
    }
  }

  private static final Item NO_ITEM = new Item(new byte[0], 0);

  final List<Slot> slots = new ArrayList<>();

  /// From high addresses to low ones.
  final List<Item> physical = new ArrayList<>();

  final byte[] special;
  int flags;

  /// What was on the page before: where nothing stands now, it still does.
  private byte[] old;

  NaivePage(byte[] special) {
    this.special = special;
    this.old = new byte[PageHeader.PAGE_BYTES];
    System.arraycopy(special, 0, old, old.length - special.length, special.length);
    bytes();
  }

  int itemBytes() {
    return physical.stream().mapToInt(item -> item.padded.length).sum();
  }

  int upper() {
    return old.length - special.length - itemBytes();
  }

  int lower() {
    return PageHeader.LENGTH + 4 * slots.size();
  }

  boolean hasRoomFor(int length, int slotsMore) {
    return lower() + 4 * slotsMore <= upper() - (length + 7) / 8 * 8;
  }

  /// An item with the padding that its place has.
  Item newItem(byte[] bytes) {
    int padded = (bytes.length + 7) / 8 * 8;
    byte[] place = Arrays.copyOfRange(old, upper() - padded, upper());
    System.arraycopy(bytes, 0, place, 0, bytes.length);
    return new Item(place, bytes.length);
  }

  /// Inserts a slot before the one of this index, or at the end.
  void insert(int index, byte[] bytes) {
    Item item = newItem(bytes);
    slots.add(index, new Slot(LinePointer.NORMAL, item, 0));
    physical.add(item);
    bytes();
  }

  void fill(int index, byte[] bytes) {
    Item item = newItem(bytes);
    slots.set(index, new Slot(LinePointer.NORMAL, item, 0));
    physical.add(item);
    bytes();
  }

  /// Without a word about the physical order.
  void remove(int index) {
    physical.remove(slots.remove(index).item());
  }

  /// The slot loses its item, and the bytes of that are nobody's.
  void drop(int index, int newFlags, int target) {
    physical.remove(slots.get(index).item());
    slots.set(index, new Slot(newFlags, NO_ITEM, target));
  }

  /// The bytes of the slot's item stay where they are, in the way of others, until [#pack].
  void abandon(int index) {
    Slot slot = slots.get(index);
    int at = physical.indexOf(slot.item());
    physical.set(at, new Item(slot.item().padded, slot.item().length));
  }

  void hint(boolean freeLines) {
    flags = freeLines ? PageHeader.HAS_FREE_LINES : 0;
  }

  void pack() {
    physical.clear();
    slots.stream().filter(Slot::hasStorage).map(Slot::item).forEach(physical::add);
    bytes();
  }

  /// The item of this index becomes another one, in the same place of the physical order.
  void replace(int index, byte[] bytes) {
    Slot slot = slots.get(index);
    Item before = slot.item();
    int at = physical.indexOf(before);
    int padded = (bytes.length + 7) / 8 * 8;
    int end = old.length - special.length;
    for (Item higher : physical.subList(0, at)) {
      end -= higher.padded.length;
    }
    // What is below moves first; then the padding is what is found there.
    int shorter = before.padded.length - padded;
    byte[] moved = old.clone();
    int below = end - before.padded.length;
    System.arraycopy(old, upper(), moved, upper() + shorter, below - upper());
    byte[] place = Arrays.copyOfRange(moved, end - padded, end);
    System.arraycopy(bytes, 0, place, 0, bytes.length);
    Item after = new Item(place, bytes.length);
    physical.set(at, after);
    slots.set(index, new Slot(slot.flags(), after, 0));
    bytes();
  }

  /// The page, and from now on what was on it before.
  byte[] bytes() {
    var page = ByteBuffer.wrap(old.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int specialStart = old.length - special.length;
    page.putShort(10, (short) flags).putShort(12, (short) lower()).putShort(14, (short) upper());
    page.putShort(16, (short) specialStart).putShort(18, (short) 0x2004);
    int at = specialStart;
    var places = new IdentityHashMap<Item, Integer>();
    for (Item item : physical) {
      at -= item.padded.length;
      page.put(at, item.padded);
      places.put(item, at);
    }
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      int offset = places.getOrDefault(slot.item(), slot.target());
      int length = slot.item().length;
      page.putInt(24 + 4 * i, LinePointer.of(offset, slot.flags(), length));
    }
    old = page.array();
    return old;
  }

  static byte[] of(MemorySegment pool, long page) {
    return pool.asSlice(page, PageHeader.PAGE_BYTES).toArray(ValueLayout.JAVA_BYTE);
  }
}
