package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageBytes.i32;
import static org.walstream.redo.page.PageBytes.i64;
import static org.walstream.redo.page.PageBytes.putI32;
import static org.walstream.redo.page.PageBytes.putI64;
import static org.walstream.redo.page.PageBytes.putU16;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageHeader;

/// A hash index's first page: how many tuples and buckets it has, and where its overflow pages are.
///
/// ```
/// offset  bytes  field             (from the end of the page's header)
///      0      4  hashm_magic       0x06440640
///      4      4  hashm_version     4
///      8      8  hashm_ntuples     float8
///     16      2  hashm_ffactor     tuples for each bucket to aim at
///     18      2  hashm_bsize       bytes of a page
///     20      2  hashm_bmsize      bytes of a bitmap, a power of 2
///     22      2  hashm_bmshift     and the power of 2 that its bits are
///     24      4  hashm_maxbucket
///     28      4  hashm_highmask
///     32      4  hashm_lowmask
///     36      4  hashm_ovflpoint   the split point that overflow pages come from
///     40      4  hashm_firstfree   the first overflow page that may be free
///     44      4  hashm_nmaps
///     48      4  hashm_procid
///     52  4 × 98 hashm_spares      overflow pages before each split point
///    444  4 KB   hashm_mapp        blocks of the bitmaps
/// ```
///
/// Counterpart of HashMetaPageData, src/include/access/hash.h, and _hash_init_metabuffer(),
/// src/backend/access/hash/hashpage.c.
final class HashMetapage {

  private static final int LENGTH = 4544;

  private static final int HASH_MAGIC = 0x06440640;
  private static final int HASH_VERSION = 4;

  /// HASH_MAX_SPLITPOINTS and HASH_MAX_BITMAPS.
  private static final int MAX_SPLITPOINTS = 98;

  private static final int MAX_BITMAPS = 1024;

  private static final int BITMAP_BYTES = Integer.highestOneBit(HashBitmapPage.MAX_BYTES);
  private static final int BITMAP_SHIFT = Integer.numberOfTrailingZeros(BITMAP_BYTES * Byte.SIZE);

  private static final int NTUPLES = PageHeader.LENGTH + 8;
  private static final int MAXBUCKET = PageHeader.LENGTH + 24;
  private static final int HIGHMASK = PageHeader.LENGTH + 28;
  private static final int LOWMASK = PageHeader.LENGTH + 32;
  private static final int OVFLPOINT = PageHeader.LENGTH + 36;
  private static final int FIRSTFREE = PageHeader.LENGTH + 40;
  private static final int NMAPS = PageHeader.LENGTH + 44;
  private static final int SPARES = PageHeader.LENGTH + 52;
  private static final int MAPP = PageHeader.LENGTH + 444;

  private HashMetapage() {}

  /// Makes the metapage of an index for so many tuples: its buckets follow from them, and one
  /// bitmap is to stand behind the buckets.
  static void init(MemorySegment pool, long page, double tuples, int procid, int ffactor) {
    int buckets = HashBuckets.initial(tuples, ffactor);
    int splitpoint = HashBuckets.splitpoint(buckets);
    int highmask = Integer.highestOneBit(buckets) * 2 - 1;
    HashPage.init(pool, page, HashPage.NONE, HashPage.NONE, HashPage.META);
    long meta = page + PageHeader.LENGTH;
    putI32(pool, meta, HASH_MAGIC);
    putI32(pool, meta + 4, HASH_VERSION);
    putU16(pool, meta + 16, ffactor);
    putU16(pool, meta + 18, HashBitmapPage.MAX_BYTES);
    putU16(pool, meta + 20, BITMAP_BYTES);
    putU16(pool, meta + 22, BITMAP_SHIFT);
    putI32(pool, page + MAXBUCKET, buckets - 1);
    putI32(pool, page + HIGHMASK, highmask);
    putI32(pool, page + LOWMASK, highmask >>> 1);
    putI32(pool, page + OVFLPOINT, splitpoint);
    putI32(pool, meta + 48, procid);
    putI32(pool, page + SPARES + (long) Integer.BYTES * splitpoint, 1);
    PageHeader.putLower(pool, page, PageHeader.LENGTH + LENGTH);
  }

  /// Counts tuples that have come, or gone if there are less than none.
  static void addTuples(MemorySegment pool, long page, int tuples) {
    HashPage.check(pool, page);
    putTuples(pool, page, Double.longBitsToDouble(i64(pool, page + NTUPLES)) + tuples);
  }

  static void putTuples(MemorySegment pool, long page, double tuples) {
    HashPage.check(pool, page);
    putI64(pool, page + NTUPLES, Double.doubleToRawLongBits(tuples));
  }

  static void putFirstFree(MemorySegment pool, long page, int bit) {
    HashPage.check(pool, page);
    putI32(pool, page + FIRSTFREE, bit);
  }

  /// Notes the index's first bitmap, which stands behind its buckets.
  static void addFirstBitmap(MemorySegment pool, long page) {
    HashPage.check(pool, page);
    addBitmap(pool, page, i32(pool, page + MAXBUCKET) + 2);
  }

  /// Notes a bitmap that is an overflow page itself.
  static void addOverflowBitmap(MemorySegment pool, long page, int block) {
    addBitmap(pool, page, block);
    addOverflowPage(pool, page);
  }

  private static void addBitmap(MemorySegment pool, long page, int block) {
    HashPage.check(pool, page);
    int bitmaps = i32(pool, page + NMAPS);
    if (bitmaps < 0 || bitmaps >= MAX_BITMAPS) {
      throw new CorruptPageException("out of overflow pages in hash index");
    }
    putI32(pool, page + MAPP + (long) Integer.BYTES * bitmaps, block);
    putI32(pool, page + NMAPS, bitmaps + 1);
  }

  /// Notes that the index has grown by an overflow page.
  static void addOverflowPage(MemorySegment pool, long page) {
    HashPage.check(pool, page);
    long spares = spares(page, i32(pool, page + OVFLPOINT));
    putI32(pool, spares, i32(pool, spares) + 1);
  }

  static void putMaxBucket(MemorySegment pool, long page, int bucket) {
    HashPage.check(pool, page);
    putI32(pool, page + MAXBUCKET, bucket);
  }

  static void putMasks(MemorySegment pool, long page, int lowmask, int highmask) {
    HashPage.check(pool, page);
    putI32(pool, page + LOWMASK, lowmask);
    putI32(pool, page + HIGHMASK, highmask);
  }

  static void putSplitpoint(MemorySegment pool, long page, int splitpoint, int spares) {
    HashPage.check(pool, page);
    putI32(pool, spares(page, splitpoint), spares);
    putI32(pool, page + OVFLPOINT, splitpoint);
  }

  private static long spares(long page, int splitpoint) {
    if (splitpoint < 0 || splitpoint >= MAX_SPLITPOINTS) {
      throw new CorruptPageException("invalid split point " + Integer.toUnsignedString(splitpoint));
    }
    return page + SPARES + (long) Integer.BYTES * splitpoint;
  }
}
