package org.walstream.wal.record;

/// Takes the bytes of records from a [WalVerifier] as they pass by, without page headers and
/// padding, before it is known whether the record is right.
@FunctionalInterface
interface RecordPieces {

  /// The next bytes of a record: `length` of them at `at` of `bytes`, which stay there only until
  /// the range that was fed to the verifier ends.
  ///
  /// @param first true when they are the first of a record; one begun before was never finished
  void piece(boolean first, byte[] bytes, int at, int length);
}
