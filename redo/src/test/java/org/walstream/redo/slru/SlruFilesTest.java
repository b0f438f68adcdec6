package org.walstream.redo.slru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.storage.DataFiles.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.file.RecordedFiles;

class SlruFilesTest {

  @TempDir Path data;

  private final RecordedFiles recorded = RecordedFiles.recording();
  private final DataFiles files = new DataFiles(recorded, 10);

  @BeforeEach
  void makeDirectories() throws IOException {
    for (SlruDirectory slru : SlruDirectory.values()) {
      Files.createDirectories(data.resolve(slru.directory()));
    }
  }

  @Test
  void namesSegmentsAsPostgresDoes() {
    assertThat(new SlruSegment(0).fileName()).isEqualTo("0000");
    assertThat(new SlruSegment(0xFFFF).fileName()).isEqualTo("FFFF");
    long lastMember = SlruDirectory.MULTIXACT_MEMBER.pageOf(-1);
    assertThat(SlruSegment.ofPage(lastMember).fileName()).isEqualTo("14078");
    assertThat(SlruSegment.ofPage(SlruDirectory.XACT.pageOf(-1)).fileName()).isEqualTo("0FFF");
    assertThat(SlruSegment.parse("14078")).isEqualTo(new SlruSegment(0x14078));
    for (String other : new String[] {"000", "0a00", "0000.tmp", "000000000000001", "CACHE"}) {
      assertThat(SlruSegment.parse(other)).as(other).isNull();
    }
  }

  @Test
  void findsEntries() {
    assertThat(SlruDirectory.XACT.pageOf(32_768)).isEqualTo(1);
    assertThat(SlruDirectory.XACT.entryOf(32_769)).isEqualTo(1);
    assertThat(SlruDirectory.COMMIT_TS.pageOf(-1)).isEqualTo(5_244_160);
    assertThat(SlruDirectory.COMMIT_TS.entryOf(-1)).isEqualTo(255);
  }

  @Test
  void aPageIsWrittenWhereItBelongs() throws IOException {
    var xact = slru(SlruDirectory.XACT);
    xact.writePage(33, page(7));
    Path file = data.resolve("pg_xact/0001");
    assertThat(Files.size(file)).isEqualTo(2 * BLOCK_BYTES);
    ByteBuffer read = ByteBuffer.allocate(BLOCK_BYTES);
    assertThat(xact.readPage(33, read)).isTrue();
    assertThat(read.array()).isEqualTo(page(7).array());
    assertThat(xact.readPage(32, read.clear())).isTrue();
    assertThat(read.array()).containsOnly(0);
    xact.zeroPage(33);
    xact.readPage(33, read.clear());
    assertThat(read.array()).containsOnly(0);
  }

  @Test
  void aMissingFileReadsAsZerosAndAShortOneDoesNot() throws IOException {
    var xact = slru(SlruDirectory.XACT);
    ByteBuffer read = ByteBuffer.wrap(page(9).array());
    assertThat(xact.readPage(5, read)).isFalse();
    assertThat(read.array()).containsOnly(0);
    assertThat(read.hasRemaining()).isFalse();
    assertThat(xact.hasPage(5)).isFalse();

    xact.zeroPage(4);
    assertThat(xact.hasPage(4)).isTrue();
    assertThat(xact.hasPage(5)).isFalse();
    assertThatThrownBy(() -> xact.readPage(5, read.clear()))
        .hasMessage(
            "could not read from file \"%s\" at offset 40960: read too few bytes",
            data.resolve("pg_xact/0000"));
  }

  @Test
  void truncationRemovesWhatIsWhollyOlder() throws IOException {
    var members = slru(SlruDirectory.MULTIXACT_MEMBER);
    for (long segment : new long[] {0x14077, 0x14078, 0, 1, 2}) {
      members.zeroPage(segment * SlruSegment.PAGES);
    }
    Files.createFile(data.resolve("pg_multixact/members/README"));
    assertThat(members.truncate(SlruSegment.PAGES + 1, 2 * SlruSegment.PAGES)).isTrue();
    assertThat(names("pg_multixact/members")).containsExactly("0001", "0002", "README");
    assertThat(members.truncate(SlruSegment.PAGES + 1, 2 * SlruSegment.PAGES)).isTrue();
    assertThat(names("pg_multixact/members")).containsExactly("0001", "0002", "README");
  }

  @Test
  void truncationThatWouldTakeTheLatestPageIsRefused() throws IOException {
    var xact = slru(SlruDirectory.XACT);
    xact.zeroPage(3);
    assertThat(xact.truncate(1000, 3)).isFalse();
    assertThat(names("pg_xact")).containsExactly("0000");
  }

  @Test
  void removesOneSegmentOrAll() throws IOException {
    var stamps = slru(SlruDirectory.COMMIT_TS);
    for (int segment = 0; segment < 3; segment++) {
      stamps.zeroPage(segment * (long) SlruSegment.PAGES);
    }
    stamps.removeSegment(new SlruSegment(1));
    stamps.removeSegment(new SlruSegment(1));
    assertThat(names("pg_commit_ts")).containsExactly("0000", "0002");
    stamps.removeAll();
    assertThat(names("pg_commit_ts")).isEmpty();
  }

  @Test
  void pagesAndNamesAreDurableAfterSync() throws IOException {
    var xact = slru(SlruDirectory.XACT);
    xact.writePage(0, page(1));
    xact.writePage(40, page(2));
    xact.removeSegment(new SlruSegment(0));
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations()).containsExactly("force 0001", "force directory pg_xact");
  }

  private SlruFiles slru(SlruDirectory slru) {
    return new SlruFiles(files, data, slru);
  }

  private String[] names(String directory) throws IOException {
    return recorded.list(data.resolve(directory)).toArray(String[]::new);
  }

  private static ByteBuffer page(int fill) {
    byte[] bytes = new byte[BLOCK_BYTES];
    Arrays.fill(bytes, (byte) fill);
    return ByteBuffer.wrap(bytes);
  }
}
