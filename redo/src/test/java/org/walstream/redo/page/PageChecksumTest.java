package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Against numbers that PostgreSQL 18's own function gave for the same bytes.
class PageChecksumTest {

  private final PageChecksum checksum = new PageChecksum();

  @Test
  void agreesWithPostgresql() {
    var frame = Frame.of(pattern());
    assertThat(checksum.of(frame.pool, Frame.PAGE, 0)).isEqualTo(62803);
    assertThat(checksum.of(frame.pool, Frame.PAGE, 7)).isEqualTo(62800);
    assertThat(checksum.of(frame.pool, Frame.PAGE, 0xFFFFFFFE)).isEqualTo(2735);
    var ones = new byte[PageHeader.PAGE_BYTES];
    Arrays.fill(ones, (byte) 0xFF);
    assertThat(checksum.of(Frame.of(ones).pool, Frame.PAGE, 131072)).isEqualTo(3610);
  }

  @Test
  void doesNotDependOnTheChecksumThatIsThere() {
    var frame = Frame.of(pattern());
    PageHeader.putChecksum(frame.pool, Frame.PAGE, 4711);
    assertThat(checksum.isRight(frame.pool, Frame.PAGE, 7)).isFalse();
    checksum.put(frame.pool, Frame.PAGE, 7);
    assertThat(PageHeader.checksum(frame.pool, Frame.PAGE)).isEqualTo(62800);
    assertThat(checksum.isRight(frame.pool, Frame.PAGE, 7)).isTrue();
    assertThat(checksum.isRight(frame.pool, Frame.PAGE, 8)).isFalse();
  }

  @Test
  void dependsOnEveryOtherBit() {
    var frame = Frame.of(pattern());
    int before = checksum.of(frame.pool, Frame.PAGE, 7);
    for (int at = 0; at < PageHeader.PAGE_BYTES; at++) {
      int old = PageBytes.u8(frame.pool, Frame.PAGE + at);
      PageBytes.putU8(frame.pool, Frame.PAGE + at, old ^ 1 << at % 8);
      boolean same = checksum.of(frame.pool, Frame.PAGE, 7) == before;
      assertThat(same).as("byte %d", at).isEqualTo(at == 8 || at == 9);
      PageBytes.putU8(frame.pool, Frame.PAGE + at, old);
    }
  }

  @Test
  void newPagesHaveNone() {
    var frame = new Frame();
    checksum.put(frame.pool, Frame.PAGE, 7);
    assertThat(frame.bytes()).containsOnly(0);
    assertThat(checksum.isRight(frame.pool, Frame.PAGE, 7)).isTrue();
  }

  private static byte[] pattern() {
    var page = new byte[PageHeader.PAGE_BYTES];
    for (int i = 0; i < page.length; i++) {
      page[i] = (byte) (i * 31 + (i >> 8));
    }
    return page;
  }
}
