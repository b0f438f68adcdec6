package org.walstream.wal.rmgrdesc;

import org.walstream.wal.record.RecordBytes;

/// Arrays within a description, as PostgreSQL writes them since version 16: ` [1, 2]`, each with a
/// blank before it, or ` []`.
///
/// Counterpart of src/backend/access/rmgrdesc/rmgrdesc_utils.c.
final class ArrayText {

  private ArrayText() {}

  /// `count` line pointers' numbers, from `at` of `bytes` on.
  static void offsets(RecordBytes bytes, int at, int count, RecordText out) {
    out.add(" [");
    for (int i = 0; i < count; i++) {
      comma(i, out).u32(bytes.u16(at + Short.BYTES * i));
    }
    out.add(']');
  }

  /// `count` redirections: `1->2`.
  static void redirections(RecordBytes bytes, int at, int count, RecordText out) {
    out.add(" [");
    for (int i = 0; i < count; i++) {
      int pair = at + 2 * Short.BYTES * i;
      comma(i, out).u32(bytes.u16(pair)).add("->").u32(bytes.u16(pair + Short.BYTES));
    }
    out.add(']');
  }

  /// What stands before the element of this index.
  static RecordText comma(int index, RecordText out) {
    return index == 0 ? out : out.add(", ");
  }
}
