package org.walstream.wal.rmgr;

import java.util.Objects;
import org.walstream.wal.record.RecordBytes;

/// How tuples of a page are frozen, those alike together.
///
/// ```
/// offset  bytes  field        (each plan)
///      0      4  xmax
///      4      2  t_infomask2
///      6      2  t_infomask
///      8      1  frzflags     0x02 xvac becomes frozen, 0x04 xvac becomes invalid
///     10      2  ntuples
/// ```
///
/// The tuples' offsets on the page stand elsewhere, plan after plan without a gap.
///
/// Counterpart of xlhp_freeze_plan, src/include/access/heapam_xlog.h (PostgreSQL 16:
/// xl_heap_freeze_plan). Valid as long as its record is.
///
/// @param at where in `bytes` the first plan stands
/// @param offsetsAt where in `bytes` the first offset stands
public record FreezePlans(RecordBytes bytes, int at, int count, int offsetsAt) {

  /// Of `frzflags`: the tuple's xvac becomes FrozenTransactionId.
  public static final int XLH_FREEZE_XVAC = 0x02;

  /// Of `frzflags`: the tuple's xvac becomes InvalidTransactionId.
  public static final int XLH_INVALID_XVAC = 0x04;

  static final int LENGTH = 12;

  /// Whether all plans and all their offsets are within `bytes`.
  boolean fit() {
    return count == 0
        || (bytes.holds(at, count, LENGTH)
            && bytes.holds(offsetsAt, offsetsBefore(count), Short.BYTES));
  }

  public int xmax(int plan) {
    return bytes.i32(at(plan));
  }

  public int tInfomask2(int plan) {
    return bytes.u16(at(plan) + 4);
  }

  public int tInfomask(int plan) {
    return bytes.u16(at(plan) + 6);
  }

  public int frzflags(int plan) {
    return bytes.u8(at(plan) + 8);
  }

  public int ntuples(int plan) {
    return bytes.u16(at(plan) + 10);
  }

  /// How many offsets stand before those of `plan`: counted from the first plan on, so whoever goes
  /// through all plans does better to add up.
  public int offsetsBefore(int plan) {
    int offsets = 0;
    for (int before = 0; before < plan; before++) {
      offsets += ntuples(before);
    }
    return offsets;
  }

  /// @param index counted over all plans
  public int offset(int index) {
    return bytes.u16(offsetsAt + Short.BYTES * index);
  }

  void fields(RecordFields out) {
    int[] first = new int[count + 1];
    for (int plan = 0; plan < count; plan++) {
      first[plan + 1] = first[plan] + ntuples(plan);
    }
    out.list(
        "plans",
        count,
        (plan, item) -> {
          item.u32("xmax", xmax(plan));
          item.number("tInfomask2", tInfomask2(plan));
          item.number("tInfomask", tInfomask(plan));
          item.number("frzflags", frzflags(plan));
          item.numbers("offsets", ntuples(plan), index -> offset(first[plan] + index));
        });
  }

  private int at(int plan) {
    return at + LENGTH * Objects.checkIndex(plan, count);
  }
}
