package org.walstream.redo.page;

import static org.walstream.redo.page.PageHeader.CHECKSUM;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;

/// The checksum of a page: 32 hashes of the kind FNV-1a, each over every 32nd word, joined, with
/// the block's number mixed in so that a page in the wrong place is found, too.
///
/// ```
///            lane 0    lane 1    …   lane 31
///  row  0    word 0    word 1        word 31       of the page, little-endian; pd_checksum as 0
///  …
///  row 63    word 2016 …             word 2047
///  row 64    0         0             0
///  row 65    0         0             0
///
///  per word      t = hash ^ word;  hash = t * 16777619 ^ (t >>> 17)
///  checksum      (lanes xored ^ block number) mod 65535 + 1        never 0
/// ```
///
/// The lanes stand in an array of their own, which the compiler makes vector registers of. So one
/// object serves one thread.
///
/// Counterpart of pg_checksum_page(), src/include/storage/checksum_impl.h.
public final class PageChecksum {

  private static final int LANES = 32;
  private static final int ROW_BYTES = LANES * Integer.BYTES;
  private static final int FNV_PRIME = 16777619;

  /// What the lanes begin with: any numbers will do, but these are the format's.
  private static final int[] SEEDS = {
    0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
    0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
    0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
    0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756,
  };

  private final int[] lanes = new int[LANES];

  /// Makes its lanes.
  public PageChecksum() {}

  /// The checksum that the page should have. A page that is new has none.
  ///
  /// @param blockNumber within the fork, across its segments
  public int of(MemorySegment pool, long page, int blockNumber) {
    System.arraycopy(SEEDS, 0, lanes, 0, LANES);
    firstRow(pool, page);
    for (int row = ROW_BYTES; row < PAGE_BYTES; row += ROW_BYTES) {
      for (int lane = 0; lane < LANES; lane++) {
        int t = lanes[lane] ^ PageBytes.i32(pool, page + row + (long) lane * Integer.BYTES);
        lanes[lane] = t * FNV_PRIME ^ (t >>> 17);
      }
    }
    int hash = blockNumber;
    for (int lane = 0; lane < LANES; lane++) {
      hash ^= mix(mix(lanes[lane]));
    }
    return Integer.remainderUnsigned(hash, 0xFFFF) + 1;
  }

  /// Gives the page the checksum that it should have; a new one stays as it is.
  public void put(MemorySegment pool, long page, int blockNumber) {
    if (!PageHeader.isNew(pool, page)) {
      PageHeader.putChecksum(pool, page, of(pool, page, blockNumber));
    }
  }

  /// True when the page has the checksum that it should have, or is new.
  public boolean isRight(MemorySegment pool, long page, int blockNumber) {
    return PageHeader.isNew(pool, page)
        || PageHeader.checksum(pool, page) == of(pool, page, blockNumber);
  }

  /// The row with the checksum itself, which counts as 0.
  private void firstRow(MemorySegment pool, long page) {
    int checksumLane = CHECKSUM / Integer.BYTES;
    for (int lane = 0; lane < LANES; lane++) {
      int word = PageBytes.i32(pool, page + (long) lane * Integer.BYTES);
      lanes[lane] = mix(lanes[lane] ^ (lane == checksumLane ? word & 0xFFFF0000 : word));
    }
  }

  private static int mix(int t) {
    return t * FNV_PRIME ^ (t >>> 17);
  }
}
