package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.slru.SlruDirectory;
import org.walstream.redo.slru.SlruSegment;
import org.walstream.wal.WalFormat;

class SlruPagesTest {

  @TempDir Path data;

  private ControlFixture fixture;
  private SlruPages pages;

  @BeforeEach
  void makeDirectories() throws IOException {
    fixture = new ControlFixture(data, WalFormat.PG_18);
    pages =
        new SlruPages(
            fixture.files,
            data,
            SlruDirectory.XACT,
            lsn -> {
              fixture.required.add(lsn);
              assertThat(fixture.recorded.operations()).noneMatch(told -> told.startsWith("force"));
              fixture.recorded.clearOperations();
            });
  }

  @Test
  void nothingIsWrittenBeforeItIsBehindTheRecoveryPoint() throws IOException {
    pages.zero(0, 100);
    pages.change(0, 200).putInt(8188, 7);
    pages.change(0, 300).putInt(0, 9);
    assertThat(fixture.recorded.operations()).isEmpty();
    pages.flush();
    assertThat(fixture.required).containsExactly(300L);
    assertThat(fixture.recorded.operations()).contains("write 0000");
    assertThat(fixture.file("pg_xact/0000").getInt(8188)).isEqualTo(7);
    assertThat(fixture.file("pg_xact/0000").getInt(0)).isEqualTo(9);
    pages.flush();
    assertThat(fixture.required).as("nothing has changed since").hasSize(1);
  }

  @Test
  void onePageThatNeedsRoomHasAllWritten() throws IOException {
    for (int page = 0; page <= SlruPages.PAGES; page++) {
      pages.zero(page, page + 1);
      pages.change(page, page + 1).putInt(0, page);
    }
    assertThat(fixture.required).containsExactly((long) SlruPages.PAGES);
    assertThat(data.resolve("pg_xact/0001")).hasSize(32 * 8192);
    assertThat(data.resolve("pg_xact/0002")).doesNotExist();
    for (int page = 0; page <= SlruPages.PAGES; page++) {
      assertThat(pages.read(page).getInt(0)).isEqualTo(page);
      assertThat(pages.exists(page)).isTrue();
    }
  }

  @Test
  void aPageReadFromAFileThatIsMissingExistsOnceItHasChanged() throws IOException {
    assertThat(pages.read(5).getInt(0)).isZero();
    assertThat(pages.exists(5)).isFalse();
    pages.change(5, 1);
    assertThat(pages.exists(5)).isTrue();
  }

  @Test
  void aPageMadeAnewForgetsWhatItWas() throws IOException {
    pages.change(0, 1).putInt(400, 1);
    pages.zero(0, 2);
    assertThat(pages.read(0).getInt(400)).isZero();
  }

  @Test
  void whatIsTruncatedDoesNotComeBack() throws IOException {
    pages.zero(0, 1);
    pages.zero(31, 2);
    pages.zero(33, 3);
    pages.flush();
    pages.change(0, 4).putInt(0, 1);
    pages.change(33, 5).putInt(0, 1);
    assertThat(pages.truncate(32, 6)).isTrue();
    assertThat(fixture.required).endsWith(6L);
    pages.flush();
    assertThat(data.resolve("pg_xact/0000")).doesNotExist();
    assertThat(data.resolve("pg_xact/0001")).hasSize(2 * 8192);
    assertThat(pages.read(0).getInt(0)).isZero();
  }

  @Test
  void thePageBeingFilledIsNotTruncated() throws IOException {
    pages.zero(31, 1);
    pages.flush();
    assertThat(pages.truncate(32, 2)).isFalse();
    assertThat(data.resolve("pg_xact/0000")).exists();
  }

  @Test
  void removesASegmentWithItsPages() throws IOException {
    pages.zero(40, 1);
    pages.zero(1, 1);
    pages.flush();
    pages.change(40, 2);
    pages.removeSegment(new SlruSegment(1), 3);
    pages.flush();
    assertThat(data.resolve("pg_xact/0001")).doesNotExist();
    assertThat(data.resolve("pg_xact/0000")).exists();
    pages.change(1, 4);
    pages.removeAll(5);
    pages.flush();
    assertThat(data.resolve("pg_xact")).isEmptyDirectory();
  }

  @Test
  void refusesPagesThatCannotBe() {
    long beyond = SlruDirectory.XACT.pageOf(-1) + 1;
    for (long page : new long[] {-1, beyond, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> pages.zero(page, 1)).hasMessage("pg_xact has no page " + page);
      assertThatThrownBy(() -> pages.truncate(page, 1)).hasMessage("pg_xact has no page " + page);
    }
  }

  @Test
  void aFileThatIsTooShortIsAnError() throws IOException {
    Files.write(data.resolve("pg_xact/0000"), new byte[8192]);
    assertThatThrownBy(() -> pages.read(1)).hasMessageContaining("read too few bytes");
    assertThat(pages.read(0).getInt(0)).isZero();
  }
}
