package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

/// Texts letter for letter as the server has them that wrote the record.
class ServerRecordTest {

  @ParameterizedTest
  @EnumSource
  void describesRecordsAsTheServerDoesThatWroteThem(WalFormat format) {
    var softly = new SoftAssertions();
    for (ServerRecord server : ServerRecord.of(format)) {
      DecodedXLogRecord record = server.decoded();
      softly
          .assertThat(DescribedRecord.of(record))
          .as(server.rmgrName())
          .isEqualTo(server.recordName() + " " + server.description());
      Rmgr rmgr = Rmgr.ofId(record.rmgrId());
      softly.assertThat(rmgr == null ? null : rmgr.rmgrName()).isEqualTo(server.rmgrName());
    }
    softly.assertAll();
  }

  /// What the files lack is either too long for them, and then crafted in [AccessMethodDescTest],
  /// or written by no server: a HOT update stays on its page, which is therefore never new.
  @ParameterizedTest
  @EnumSource
  void hasRecordsOfEveryOpcode(WalFormat format) {
    Set<String> seen = new HashSet<>();
    for (ServerRecord server : ServerRecord.of(format)) {
      seen.add(server.rmgrName() + "/" + server.recordName());
    }
    Set<String> missing = new HashSet<>();
    for (Rmgr rmgr :
        Set.of(
            Rmgr.HEAP2,
            Rmgr.HEAP,
            Rmgr.BTREE,
            Rmgr.HASH,
            Rmgr.GIN,
            Rmgr.GIST,
            Rmgr.SPGIST,
            Rmgr.BRIN)) {
      for (int info = 0; info <= 0xF0; info += 0x10) {
        String name = rmgr.recordName(format, info);
        if (name != null && !seen.contains(rmgr.rmgrName() + "/" + name)) {
          missing.add(rmgr.rmgrName() + "/" + name);
        }
      }
    }
    assertThat(missing)
        .containsExactlyInAnyOrder(
            "Heap/HOT_UPDATE+INIT",
            "Hash/VACUUM_ONE_PAGE",
            "Gin/CREATE_PTREE",
            "Gin/SPLIT",
            "Gist/PAGE_SPLIT",
            "Gist/ASSIGN_LSN",
            "SPGist/PICKSPLIT");
  }
}
