package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.time.TimeZoneRules;

class BlockReferenceTextTest {

  private final RecordText text = new RecordText(TimestampText.ofPgWaldump(TimeZoneRules.utc()));

  @Test
  void shortFormNamesTheForkUnlessItIsTheMainOne() {
    BlockReferenceText.addShort(record(), text);
    assertThat(text)
        .hasToString(
            ", blkref #1: rel 1663/5/16384 blk 4294967295"
                + ", blkref #2: rel 1663/5/16384 fork vm blk 7 FPW"
                + ", blkref #3: rel 1663/5/16384 blk 8 FPW for WAL verification");
  }

  @Test
  void linesTellHolesAndCompression() {
    BlockReferenceText.addLines(record(), text);
    assertThat(text)
        .hasToString(
            """

            \tblkref #1: rel 1663/5/16384 fork main blk 4294967295
            \tblkref #2: rel 1663/5/16384 fork vm blk 7 (FPW); hole: offset: 40, length: 8092
            \tblkref #3: rel 1663/5/16384 fork main blk 8 (FPW for WAL verification); hole: offset:\
             60, length: 7000, compression saved: 692, method: lz4
            """);
  }

  @Test
  void walInspectParesTheLinesAndKeepsTheBlankBeforeAnyButBlockZero() {
    BlockReferenceText.addDetailed(record(), text);
    assertThat(text.toString())
        .startsWith(" blkref #1: rel 1663/5/16384 fork main blk 4294967295 blkref #2: ")
        .endsWith(" method: lz4");
  }

  private static DecodedXLogRecord record() {
    return CraftedRecord.of(WalFormat.PG_18, 10, 0)
        .block(1, 0, -1, new byte[3])
        .image(2, 2, 7, 0x03, 100, 40, 0)
        .image(3, 0, 8, 0x09, 500, 60, 7000)
        .decoded();
  }
}
