package org.walstream.wal;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What differs in WAL and control files between PostgreSQL's major versions. Everything that reads
/// bytes asks this table; no other class compares version numbers.
///
/// A new major version is one more row, its fixtures, and whatever new columns it needs. A magic
/// that is not listed is refused, not guessed at.
///
/// Source: XLOG_PAGE_MAGIC in src/include/access/xlog_internal.h, CATALOG_VERSION_NO in
/// src/include/catalog/catversion.h, PG_CONTROL_VERSION in src/include/catalog/pg_control.h of each
/// version.
public enum WalFormat {
  // major, page magic, catalog version, control file version and where its CRC stands
  PG_15(15, 0xD110, 202209061, 1300, 288),
  PG_16(16, 0xD113, 202307071, 1300, 288),
  PG_17(17, 0xD116, 202406281, 1700, 288),
  PG_18(18, 0xD118, 202506291, 1800, 292);

  private final int majorVersion;
  private final int pageMagic;
  private final int catalogVersion;
  private final int controlFileVersion;
  private final int controlFileCrcOffset;

  WalFormat(
      int majorVersion,
      int pageMagic,
      int catalogVersion,
      int controlFileVersion,
      int controlFileCrcOffset) {
    this.majorVersion = majorVersion;
    this.pageMagic = pageMagic;
    this.catalogVersion = catalogVersion;
    this.controlFileVersion = controlFileVersion;
    this.controlFileCrcOffset = controlFileCrcOffset;
  }

  /// The newest version in the table.
  public static WalFormat newest() {
    return PG_18;
  }

  /// The format of a WAL page that opens with `pageMagic` (unsigned 16 bits), or empty when no
  /// known version writes it: stale bytes of a recycled file look like that, so it is an answer and
  /// not an error.
  public static Optional<WalFormat> ofPageMagic(int pageMagic) {
    return Optional.ofNullable(withPageMagic(pageMagic));
  }

  /// The same for a reader that must not allocate.
  public static @Nullable WalFormat withPageMagic(int pageMagic) {
    return switch (pageMagic) {
      case 0xD110 -> PG_15;
      case 0xD113 -> PG_16;
      case 0xD116 -> PG_17;
      case 0xD118 -> PG_18;
      default -> null;
    };
  }

  /// The format of a control file. Its own version number is not enough: PostgreSQL 13 to 16 share
  /// 1300, and the catalog version tells them apart.
  ///
  /// @throws UnsupportedVersionException naming both numbers
  public static WalFormat ofControlFile(int controlFileVersion, int catalogVersion)
      throws UnsupportedVersionException {
    return Arrays.stream(values())
        .filter(
            f -> f.controlFileVersion == controlFileVersion && f.catalogVersion == catalogVersion)
        .findFirst()
        .orElseThrow(() ->
            new UnsupportedVersionException(
                "unexpected control file version %d, catalog version %d"
                    .formatted(controlFileVersion, catalogVersion)));
  }

  /// The format that `majorVersion` of PostgreSQL writes, or empty when it is not in the table.
  public static Optional<WalFormat> ofMajorVersion(int majorVersion) {
    return Arrays.stream(values()).filter(f -> f.majorVersion == majorVersion).findFirst();
  }

  /// Directory of this version's files inside a tablespace, such as `PG_18_202506291`.
  public String tablespaceVersionDirectory() {
    return "PG_%d_%d".formatted(majorVersion, catalogVersion);
  }

  public int majorVersion() {
    return majorVersion;
  }

  /// XLOG_PAGE_MAGIC, unsigned 16 bits.
  public int pageMagic() {
    return pageMagic;
  }

  public int catalogVersion() {
    return catalogVersion;
  }

  public int controlFileVersion() {
    return controlFileVersion;
  }

  /// A format whose control files are laid out like those that begin with this version number, or
  /// empty when no known version writes it.
  public static Optional<WalFormat> layoutOfControlFile(int controlFileVersion) {
    return Arrays.stream(values())
        .filter(f -> f.controlFileVersion == controlFileVersion)
        .findFirst();
  }

  /// Where the CRC of this version's control files stands; it covers everything before.
  public int controlFileCrcOffset() {
    return controlFileCrcOffset;
  }

  /// True when a checkpoint says the `wal_level` it was made under.
  public boolean checkPointHasWalLevel() {
    return majorVersion >= 17;
  }

  /// True when the end of recovery says the `wal_level` from there on.
  public boolean endOfRecoveryHasWalLevel() {
    return majorVersion >= 17;
  }

  /// True when a record marks the place where an online checkpoint's redo begins.
  public boolean hasCheckPointRedo() {
    return majorVersion >= 17;
  }

  /// True when a replication slot says why it has been invalidated; before, its restart_lsn went.
  public boolean slotsSayWhyInvalidated() {
    return majorVersion >= 16;
  }

  /// True when a file in pg_twophase is named by its transaction with the epoch.
  public boolean twoPhaseFileNamesHaveEpoch() {
    return majorVersion >= 17;
  }

  /// True when a pg_filenode.map takes the place of the one before; before, it was overwritten, and
  /// had the size of a sector so that it could be.
  public boolean relationMapsAreReplaced() {
    return majorVersion >= 16;
  }

  /// How many mappings a pg_filenode.map has room for (MAX_MAPPINGS).
  public int relationMappings() {
    return majorVersion >= 16 ? 64 : 62;
  }

  /// Bytes of a pg_filenode.map (RelMapFile).
  public int relationMapLength() {
    return majorVersion >= 16 ? 524 : 512;
  }

  /// True when page numbers of pg_xact, pg_commit_ts and pg_multixact have 64 bits in records, and
  /// not 32.
  public boolean slruPageNumbersAreWide() {
    return majorVersion >= 17;
  }

  /// True when what statistics are kept of has numbers of 64 bits, and not 32.
  public boolean droppedStatsHaveWideIds() {
    return majorVersion >= 18;
  }

  /// Bytes of each of the statistics that a commit or abort drops.
  public int droppedStatsLength() {
    return droppedStatsHaveWideIds() ? 16 : 12;
  }

  /// True when there are invalidation messages for the cache of logical replication's relations.
  public boolean hasRelSyncInvalidations() {
    return majorVersion >= 18;
  }

  /// True when the text of RUNNING_XACTS names the subtransactions.
  public boolean describesRunningSubxacts() {
    return majorVersion >= 16;
  }

  /// True when a record that removes what a standby's queries might still need says whether that is
  /// of a catalog.
  public boolean conflictsTellCatalog() {
    return majorVersion >= 16;
  }

  /// True when tuples to be frozen alike are listed together, as plans.
  public boolean freezesByPlan() {
    return majorVersion >= 16;
  }

  /// True when one record prunes a page and freezes what is left on it.
  public boolean prunesAndFreezesAtOnce() {
    return majorVersion >= 17;
  }

  /// True when an update in place tells what caches must forget.
  public boolean inplaceUpdatesInvalidate() {
    return majorVersion >= 18;
  }

  /// True when the text of records of tables and B-trees has colons, and lists line pointers.
  public boolean describesLinePointers() {
    return majorVersion >= 16;
  }

  /// True when the text of records calls a snapshotConflictHorizon so, and not latestRemovedXid.
  public boolean describesConflictHorizon() {
    return majorVersion >= 16;
  }

  /// True when the text of records has isCatalogRel.
  public boolean describesIsCatalogRel() {
    return majorVersion >= 17;
  }

  /// True when the control file says whether `char` is signed.
  public boolean controlFileHasCharSignedness() {
    return majorVersion >= 18;
  }

  static String known() {
    return Arrays.stream(values())
        .map(f -> Integer.toString(f.majorVersion))
        .collect(Collectors.joining(", ", "PostgreSQL ", ""));
  }
}
