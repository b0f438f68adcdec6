package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.Rmgr;

/// A data directory with the directories that a server has, and control over it.
///
/// Crafted records are of transaction 700 and end at 0/1000028 and their length.
final class ControlFixture {

  static final int TRANSACTION = 700;

  final Path data;
  final WalFormat format;
  final RecordedFiles recorded = RecordedFiles.recording();
  final DataFiles files = new DataFiles(recorded, 10);
  final RelationPaths paths;
  final RelationFiles relations;
  final FilePages pages;

  /// What the recovery point was moved to, in turn, and how many operations had been done by then.
  final List<Long> required = new ArrayList<>();

  ControlFixture(Path data, WalFormat format) throws IOException {
    this.data = data;
    this.format = format;
    for (String directory :
        List.of(
            "base/5",
            "global",
            "pg_tblspc",
            "pg_twophase",
            "pg_replslot",
            "pg_xact",
            "pg_commit_ts",
            "pg_multixact/offsets",
            "pg_multixact/members",
            "pg_logical/mappings")) {
      Files.createDirectories(data.resolve(directory));
    }
    paths = new RelationPaths(data, format);
    relations = new RelationFiles(files, paths, RelationFiles.SEGMENT_BLOCKS);
    pages = new FilePages(relations, false);
  }

  ControlRedo control() {
    return control(RedoProfile.newest(format));
  }

  ControlRedo control(RedoProfile profile) {
    return new ControlRedo(profile, files, paths, relations, pages, required::add, false);
  }

  CraftedRecord record(Rmgr rmgr, int info) {
    return CraftedRecord.of(format, rmgr.id(), info);
  }

  /// A page number as records of SLRUs have it.
  CraftedRecord slruRecord(Rmgr rmgr, int info, int page) {
    CraftedRecord record = record(rmgr, info);
    return format.slruPageNumbersAreWide() ? record.i64(page) : record.i32(page);
  }

  ByteBuffer file(String name) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(data.resolve(name))).order(ByteOrder.LITTLE_ENDIAN);
  }

  static CheckPoint checkPoint(long nextXid, int nextMulti, int nextMultiOffset) {
    return new CheckPoint(
        0x1000000,
        1,
        1,
        true,
        Optional.empty(),
        nextXid,
        20_000,
        nextMulti,
        nextMultiOffset,
        3,
        1,
        1,
        1,
        0,
        0,
        0,
        0);
  }
}
