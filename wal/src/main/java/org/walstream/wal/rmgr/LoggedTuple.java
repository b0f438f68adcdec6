package org.walstream.wal.rmgr;

import org.walstream.wal.record.RecordBytes;

/// A heap tuple as a record keeps it: what of its header cannot be told from elsewhere in the
/// record, and all that stands behind the header.
///
/// ```
/// offset  bytes  field
///      0      2  t_infomask2
///      2      2  t_infomask
///      4      1  t_hoff        where the columns start in the tuple
///      5         data          from byte 23 of the tuple on: null bitmap, padding, columns
/// ```
///
/// Counterpart of xl_heap_header, src/include/access/heapam_xlog.h. Made anew for whoever asks;
/// valid as long as its record is.
///
/// @param at where in `bytes` it stands
/// @param dataLength bytes of data
public record LoggedTuple(RecordBytes bytes, int at, int dataLength) {

  static final int HEADER_LENGTH = 5;

  public int tInfomask2() {
    return bytes.u16(at);
  }

  public int tInfomask() {
    return bytes.u16(at + 2);
  }

  public int tHoff() {
    return bytes.u8(at + 4);
  }

  /// Where in [#bytes] the data starts.
  public int dataAt() {
    return at + HEADER_LENGTH;
  }

  /// The tuple that takes all bytes from `at` on.
  static LoggedTuple toEndOf(RecordBytes bytes, int at) {
    return new LoggedTuple(bytes, at, bytes.length() - at - HEADER_LENGTH);
  }

  void fields(RecordFields out) {
    out.number("tInfomask2", tInfomask2());
    out.number("tInfomask", tInfomask());
    out.number("tHoff", tHoff());
    out.number("dataLength", dataLength);
  }
}
