package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.rmgr.OnePage.HEEDS;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.Frame;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// Images that are all of a record, and generic records.
class ImageAndPatchRedoTest {

  private static final byte[] NOTHING = {};

  private final OnePage page = OnePage.ofTable(HEEDS, 1);

  @Test
  void anImageIsRestoredThoughThePageIsNewer() throws RedoException {
    PageHeader.putLsn(page.frame.pool, Frame.PAGE, Long.MAX_VALUE);
    DecodedXLogRecord record =
        xlog(XLogRmgrRecord.FPI)
            .image(0, 0, 1, BlockReference.BKPIMAGE_APPLY, 8192, 0, 0)
            .decoded();
    assertThat(page.redo(record, 0)).isEqualTo(RedoAction.RESTORED);
    assertThat(page.frame.bytes()).as("a new page has no LSN").isEqualTo(new byte[8192]);
  }

  @Test
  void onlyTheImageOfAHintMayBeMissing() throws RedoException {
    DecodedXLogRecord hint = xlog(XLogRmgrRecord.FPI_FOR_HINT).block(0, 0, 1, NOTHING).decoded();
    byte[] before = page.frame.bytes();
    assertThat(page.passesOver(hint, 0)).isTrue();
    page.redo(hint, 0);
    assertThat(page.frame.bytes()).isEqualTo(before);
    DecodedXLogRecord fpi = xlog(XLogRmgrRecord.FPI).block(0, 0, 1, NOTHING).decoded();
    assertThatThrownBy(() -> page.redo(fpi, 0))
        .hasMessageContaining("XLOG_FPI record did not contain a full-page image");
    DecodedXLogRecord unapplied = xlog(XLogRmgrRecord.FPI).image(0, 0, 1, 0, 8192, 0, 0).decoded();
    assertThatThrownBy(() -> page.redo(unapplied, 0))
        .hasMessageContaining("unexpected XLogReadBufferForRedo result");
    DecodedXLogRecord noop = xlog(XLogRmgrRecord.NOOP).block(0, 0, 1, NOTHING).decoded();
    assertThat(page.passesOver(noop, 0)).isTrue();
  }

  @Test
  void aPatchedPageHasAHoleOfZeros() throws RedoException {
    page.frame.pool.asSlice(Frame.PAGE + 28, 100).fill((byte) 0x77);
    DecodedXLogRecord record = generic(patch(8190, 1, 2), patch(40, 5));
    assertThat(page.redo(record, 0)).isEqualTo(RedoAction.NEEDS_REDO);
    assertThat(page.lsn()).isEqualTo(record.endLsn());
    assertThat(PageBytes.u16(page.frame.pool, Frame.PAGE + 8190)).isEqualTo(0x0201);
    byte[] bytes = page.frame.bytes();
    int upper = PageHeader.upper(page.frame.pool, Frame.PAGE);
    for (int at = 28; at < upper; at++) {
      assertThat(bytes[at]).isZero();
    }
  }

  @Test
  void noPatchLeavesThePage() {
    fails(patch(8191, 1, 2), "2 bytes at 8191 do not fit on the page");
    fails(patch(65535, 1), "1 bytes at 65535 do not fit on the page");
    fails(patch(12, 0xFF, 0xFF), "corrupted page pointers"); // pd_lower
    fails(patch(12, 24, 0, 0xFF, 0xFF), "corrupted page pointers"); // pd_upper
    assertThat(page.frame.neighboursAreUntouched()).isTrue();
  }

  private void fails(byte[] patch, String message) {
    assertThatThrownBy(() -> page.redo(generic(patch), 0)).hasMessageContaining(message);
  }

  private static CraftedRecord xlog(int info) {
    return CraftedRecord.of(WalFormat.PG_18, Rmgr.XLOG.id(), info);
  }

  private static DecodedXLogRecord generic(byte[]... patches) {
    var all = ByteBuffer.allocate(1000);
    for (byte[] patch : patches) {
      all.put(patch);
    }
    byte[] data = new byte[all.flip().remaining()];
    all.get(data);
    return CraftedRecord.of(WalFormat.PG_18, Rmgr.GENERIC.id(), 0).block(0, 0, 1, data).decoded();
  }

  private static byte[] patch(int offset, int... bytes) {
    var patch = ByteBuffer.allocate(4 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    patch.putShort((short) offset).putShort((short) bytes.length);
    for (int each : bytes) {
      patch.put((byte) each);
    }
    return patch.array();
  }
}
