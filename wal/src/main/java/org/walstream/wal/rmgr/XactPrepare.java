package org.walstream.wal.rmgr;

import java.nio.charset.StandardCharsets;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.record.RelFileLocator;

/// A transaction prepared for two-phase commit: all that its commit or abort will have to do, as it
/// stands in the file in `pg_twophase` too.
///
/// ```
/// offset  bytes  field               (main data)
///      0      4  magic
///      4      4  total_len           with the checksum of 4 bytes that only the file has
///      8      4  xid
///     12      4  database
///     16      8  prepared_at         TimestampTz
///     24      4  owner
///     28      4  nsubxacts
///     32      4  ncommitrels
///     36      4  nabortrels
///     40      4  ncommitstats
///     44      4  nabortstats
///     48      4  ninvalmsgs
///     52      1  initfileinval
///     54      2  gidlen              with the zero byte
///     56      8  origin_lsn
///     64      8  origin_timestamp    TimestampTz
///   then, each from a multiple of 8 on:
///        gidlen  gid                 C string
///           4 n  subxacts
///          12 n  commitLocators      the files to delete at commit
///          12 n  abortLocators       those at abort
///          12 n  commitStats         the statistics to drop at commit; PostgreSQL 18: 16 n
///          12 n  abortStats          those at abort; likewise
///          16 n  messages            invalidation messages of the commit
///                what the resource managers of two-phase commit have saved
/// ```
///
/// Counterpart of xl_xact_prepare, src/include/access/xact.h.
public record XactPrepare(DecodedXLogRecord record) implements TransactionRecord {

  private static final int GID_AT = 72;

  /// The arrays in their order: where the fixed part has their numbers.
  private static final int NSUBXACTS_AT = 28;

  private static final int NCOMMITRELS_AT = 32;
  private static final int NABORTRELS_AT = 36;
  private static final int NCOMMITSTATS_AT = 40;
  private static final int NABORTSTATS_AT = 44;
  private static final int NINVALMSGS_AT = 48;

  static boolean isWhole(DecodedXLogRecord record) {
    RecordBytes main = record.main();
    if (!main.holds(0, 1, GID_AT) || !main.holds(GID_AT, main.u16(54), 1)) {
      return false;
    }
    var prepare = new XactPrepare(record);
    // Each array is found by the lengths of those before it, so they are checked in order.
    for (int countAt = NSUBXACTS_AT; countAt <= NINVALMSGS_AT; countAt += 4) {
      if (!main.holds(prepare.array(countAt), main.i32(countAt), prepare.itemLength(countAt))) {
        return false;
      }
    }
    return true;
  }

  /// TWOPHASE_MAGIC
  public int magic() {
    return record.main().i32(0);
  }

  /// Bytes of the file: four more than the main data has.
  public int totalLength() {
    return record.main().i32(4);
  }

  public int xid() {
    return record.main().i32(8);
  }

  public int database() {
    return record.main().i32(12);
  }

  public long preparedAt() {
    return record.main().i64(16);
  }

  public int owner() {
    return record.main().i32(24);
  }

  public boolean initFileInval() {
    return record.main().u8(52) != 0;
  }

  /// Meaningful when the record has an origin.
  public long originLsn() {
    return record.main().i64(56);
  }

  /// Likewise.
  public long originTimestamp() {
    return record.main().i64(64);
  }

  /// The name that it is prepared under.
  public String gid() {
    byte[] bytes = new byte[gidLength()];
    record.main().copy(GID_AT, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Where the name stands in the main data.
  public int gidAt() {
    return GID_AT;
  }

  /// Bytes of the name, without its zero byte.
  public int gidLength() {
    return Math.min(record.main().cStringLength(GID_AT), record.main().u16(54));
  }

  public int nsubxacts() {
    return record.main().i32(NSUBXACTS_AT);
  }

  /// @param index below [#nsubxacts]
  public int subxact(int index) {
    return record.main().i32(array(NSUBXACTS_AT) + 4 * index);
  }

  /// How many relations' files a commit will delete.
  public int ncommitrels() {
    return record.main().i32(NCOMMITRELS_AT);
  }

  /// @param index below [#ncommitrels]
  public RelFileLocator commitLocator(int index) {
    return RelFileLocator.read(
        record.main(), array(NCOMMITRELS_AT) + RelFileLocator.LENGTH * index);
  }

  /// How many relations' files an abort will delete.
  public int nabortrels() {
    return record.main().i32(NABORTRELS_AT);
  }

  /// @param index below [#nabortrels]
  public RelFileLocator abortLocator(int index) {
    return RelFileLocator.read(record.main(), array(NABORTRELS_AT) + RelFileLocator.LENGTH * index);
  }

  public int ncommitstats() {
    return record.main().i32(NCOMMITSTATS_AT);
  }

  public DroppedStats commitStats() {
    return new DroppedStats(record, array(NCOMMITSTATS_AT), ncommitstats());
  }

  public int nabortstats() {
    return record.main().i32(NABORTSTATS_AT);
  }

  public DroppedStats abortStats() {
    return new DroppedStats(record, array(NABORTSTATS_AT), nabortstats());
  }

  public int ninvalmsgs() {
    return record.main().i32(NINVALMSGS_AT);
  }

  public InvalidationMessages messages() {
    return new InvalidationMessages(record.main(), array(NINVALMSGS_AT), ninvalmsgs());
  }

  @Override
  public void fields(RecordFields out) {
    out.number("xid", Integer.toUnsignedLong(xid()));
    out.number("database", Integer.toUnsignedLong(database()));
    out.timestamp("prepared_at", preparedAt());
    out.number("owner", Integer.toUnsignedLong(owner()));
    out.text("gid", gid());
    out.flag("initfileinval", initFileInval());
    out.lsn("origin_lsn", originLsn());
    out.timestamp("origin_timestamp", originTimestamp());
    out.numbers("subxacts", nsubxacts(), index -> Integer.toUnsignedLong(subxact(index)));
    out.list(
        "commitrels",
        ncommitrels(),
        (index, item) -> item.locator("locator", commitLocator(index)));
    out.list(
        "abortrels", nabortrels(), (index, item) -> item.locator("locator", abortLocator(index)));
    commitStats().fields("commitstats", out);
    abortStats().fields("abortstats", out);
    messages().fields(out);
  }

  /// Where the array begins whose number of items stands at `wanted`.
  private int array(int wanted) {
    int at = GID_AT + align(record.main().u16(54));
    for (int countAt = NSUBXACTS_AT; countAt < wanted; countAt += 4) {
      at += align(record.main().i32(countAt) * itemLength(countAt));
    }
    return at;
  }

  private int itemLength(int countAt) {
    return switch (countAt) {
      case NSUBXACTS_AT -> 4;
      case NCOMMITRELS_AT, NABORTRELS_AT -> RelFileLocator.LENGTH;
      case NCOMMITSTATS_AT, NABORTSTATS_AT -> record.format().droppedStatsLength();
      default -> InvalidationMessages.LENGTH;
    };
  }

  private static int align(int length) {
    return (length + 7) & -8;
  }
}
