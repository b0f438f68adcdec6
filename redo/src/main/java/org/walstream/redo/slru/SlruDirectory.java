package org.walstream.redo.slru;

import org.walstream.wal.TransactionIds;
import org.walstream.wal.rmgr.Slru;

/// An SLRU: where its files are, how much its pages hold, and which of two pages is the older.
///
/// Counterpart of the PagePrecedes functions of clog.c, commit_ts.c, multixact.c and subtrans.c in
/// src/backend/access/transam.
public enum SlruDirectory {
  /// Two bits for each transaction.
  XACT(Slru.XACT.directory(), 32_768, Numbers.TRANSACTION_IDS),

  /// Time and origin of each commit, 10 bytes.
  COMMIT_TS(Slru.COMMIT_TS.directory(), 819, Numbers.TRANSACTION_IDS),

  /// Where the members of each multixact begin, 4 bytes.
  MULTIXACT_OFFSET(Slru.MULTIXACT_OFFSET.directory(), 2_048, Numbers.MULTIXACT_IDS),

  /// Members: 409 groups of four flag bytes and four transactions.
  MULTIXACT_MEMBER(Slru.MULTIXACT_MEMBER.directory(), 1_636, Numbers.OFFSETS),

  /// The parent of each subtransaction, 4 bytes. Not in WAL; a server makes it anew at its start.
  SUBTRANS("pg_subtrans", 2_048, Numbers.TRANSACTION_IDS);

  /// What the entries are numbered by, and so how two numbers compare and which are not used.
  private enum Numbers {
    /// 0 to 2 are no transactions of their own and older than all.
    TRANSACTION_IDS(TransactionIds.FIRST_NORMAL + 1),
    /// 0 is none.
    MULTIXACT_IDS(1 + 1),
    /// All are used.
    OFFSETS(0);

    /// Added to the first number of a page: with it neither that page's first nor its last is one
    /// of the unused, which may compare otherwise.
    private final int beyondUnused;

    Numbers(int beyondUnused) {
      this.beyondUnused = beyondUnused;
    }

    boolean precedes(int a, int b) {
      return this == TRANSACTION_IDS ? TransactionIds.precedes(a, b) : a - b < 0;
    }
  }

  private final String directory;
  private final int entriesPerPage;
  private final Numbers numbers;

  SlruDirectory(String directory, int entriesPerPage, Numbers numbers) {
    this.directory = directory;
    this.entriesPerPage = entriesPerPage;
    this.numbers = numbers;
  }

  /// The one that records of WAL call `slru`.
  public static SlruDirectory of(Slru slru) {
    return switch (slru) {
      case XACT -> XACT;
      case COMMIT_TS -> COMMIT_TS;
      case MULTIXACT_OFFSET -> MULTIXACT_OFFSET;
      case MULTIXACT_MEMBER -> MULTIXACT_MEMBER;
    };
  }

  /// Where its files are, below the data directory.
  public String directory() {
    return directory;
  }

  public int entriesPerPage() {
    return entriesPerPage;
  }

  /// The page that holds the entry of this (unsigned) number.
  public long pageOf(int number) {
    return Integer.toUnsignedLong(number) / entriesPerPage;
  }

  /// Which entry of [#pageOf] it is.
  public int entryOf(int number) {
    return Integer.remainderUnsigned(number, entriesPerPage);
  }

  /// True when `page` is the older: the way from its first number to each on `other` is at most
  /// half the circle of 2^32 numbers. Of two pages half the circle apart neither precedes.
  public boolean precedes(long page, long other) {
    int first = firstNumber(page);
    int otherFirst = firstNumber(other);
    return numbers.precedes(first, otherFirst)
        && numbers.precedes(first, otherFirst + entriesPerPage - 1);
  }

  private int firstNumber(long page) {
    return (int) page * entriesPerPage + numbers.beyondUnused;
  }
}
