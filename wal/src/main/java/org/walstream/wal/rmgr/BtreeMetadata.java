package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.RecordBytes;

/// What a B-tree's first page is made anew from.
///
/// ```
/// offset  bytes  field
///      0      4  version
///      4      4  root
///      8      4  level
///     12      4  fastroot
///     16      4  fastlevel
///     20      4  last_cleanup_num_delpages
///     24      1  allequalimage
/// ```
///
/// Counterpart of xl_btree_metadata, src/include/access/nbtxlog.h. Valid as long as its record is.
///
/// @param bytes the data of the metapage's block
public record BtreeMetadata(RecordBytes bytes) {

  static final int LENGTH = 28;

  /// What `block` has of it, or null when that is not enough.
  static @Nullable BtreeMetadata of(BlockReference block) {
    RecordBytes data = block.data();
    return data.length() >= LENGTH ? new BtreeMetadata(data) : null;
  }

  public int version() {
    return bytes.i32(0);
  }

  public int root() {
    return bytes.i32(4);
  }

  public int level() {
    return bytes.i32(8);
  }

  public int fastroot() {
    return bytes.i32(12);
  }

  public int fastlevel() {
    return bytes.i32(16);
  }

  public int lastCleanupNumDelpages() {
    return bytes.i32(20);
  }

  public boolean allequalimage() {
    return bytes.u8(24) != 0;
  }

  private void fields(RecordFields out) {
    out.u32("version", version());
    out.u32("root", root());
    out.u32("level", level());
    out.u32("fastroot", fastroot());
    out.u32("fastlevel", fastlevel());
    out.u32("lastCleanupNumDelpages", lastCleanupNumDelpages());
    out.flag("allequalimage", allequalimage());
  }

  /// One, or none, as a list.
  static void list(@Nullable BtreeMetadata metadata, RecordFields out) {
    out.list(
        "metadata",
        metadata == null ? 0 : 1,
        (_, item) -> {
          if (metadata != null) {
            metadata.fields(item);
          }
        });
  }
}
