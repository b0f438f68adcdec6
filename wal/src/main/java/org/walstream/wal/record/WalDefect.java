package org.walstream.wal.record;

/// Why WAL cannot be read past a place: at a torn or zeroed tail the normal end of a crashed
/// server's log, in a stream from a live server corruption.
///
/// @param lsn where it is wrong: the start of the record, the page or the byte that is not valid
/// @param message in the words of the PostgreSQL version that wrote the WAL, without that version's
///   own prefix, such as `invalid record length at 0/1500060: expected at least 24, got 0`
public record WalDefect(long lsn, String message) {

  @Override
  public String toString() {
    return message;
  }
}
