package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PageHeaderTest {

  private final Frame frame = new Frame();

  @Test
  void initMakesAnEmptyPageOfAnyBytes() {
    frame.pool.asSlice(Frame.PAGE, Frame.PAGE).fill((byte) 0x77);
    PageHeader.init(frame.pool, Frame.PAGE, 13);
    assertThat(HexFormat.of().formatHex(frame.bytes(), 0, 24))
        .isEqualTo(
            "0000000000000000" + "00000000" + "1800" + "f01f" + "f01f" + "0420" + "00000000");
    assertThat(frame.bytes()[24]).isZero();
    assertThat(frame.bytes()[8191]).isZero();
    assertThat(frame.neighboursAreUntouched()).isTrue();
  }

  @Test
  void initLikeKeepsTheSpecialArea() {
    PageHeader.init(frame.pool, Frame.PAGE, 16);
    PageHeader.putLsn(frame.pool, Frame.PAGE, 17);
    PageBytes.putI64(frame.pool, Frame.PAGE + 8176, 4711);
    PageBytes.putI64(frame.pool, Frame.PAGE + 8184, 4712);
    var other = new Frame();
    PageHeader.initLike(other.pool, Frame.PAGE, frame.pool, Frame.PAGE);
    PageHeader.putLsn(frame.pool, Frame.PAGE, 0);
    assertThat(other.bytes()).isEqualTo(frame.bytes());
    PageHeader.putUpper(frame.pool, Frame.PAGE, 8180);
    assertThatThrownBy(() -> PageHeader.initLike(other.pool, Frame.PAGE, frame.pool, Frame.PAGE))
        .isInstanceOf(CorruptPageException.class);
  }

  @Test
  void lsnHasItsHighHalfFirst() {
    PageHeader.putLsn(frame.pool, Frame.PAGE, 0x1122_3344_5566_7788L);
    assertThat(HexFormat.of().formatHex(frame.bytes(), 0, 8)).isEqualTo("4433221188776655");
    assertThat(PageHeader.lsn(frame.pool, Frame.PAGE)).isEqualTo(0x1122_3344_5566_7788L);
    PageHeader.putLsn(frame.pool, Frame.PAGE, 0xFFFF_FFFFL);
    assertThat(PageHeader.lsn(frame.pool, Frame.PAGE)).isEqualTo(0xFFFF_FFFFL);
  }

  @Test
  void pruneXidIsTheOldestModulo2To32() {
    PageHeader.setPrunable(frame.pool, Frame.PAGE, 1000);
    assertThat(PageHeader.pruneXid(frame.pool, Frame.PAGE)).isEqualTo(1000);
    PageHeader.setPrunable(frame.pool, Frame.PAGE, 2000);
    assertThat(PageHeader.pruneXid(frame.pool, Frame.PAGE)).isEqualTo(1000);
    PageHeader.setPrunable(frame.pool, Frame.PAGE, 0xFFFF_FF00);
    assertThat(PageHeader.pruneXid(frame.pool, Frame.PAGE)).isEqualTo(0xFFFF_FF00);
    PageHeader.setPrunable(frame.pool, Frame.PAGE, 5);
    assertThat(PageHeader.pruneXid(frame.pool, Frame.PAGE)).isEqualTo(0xFFFF_FF00);
  }

  @Test
  void newPagesAreSaneOnlyWhenAllZero() {
    assertThat(PageHeader.isNew(frame.pool, Frame.PAGE)).isTrue();
    assertThat(PageHeader.isSane(frame.pool, Frame.PAGE)).isTrue();
    PageBytes.putU8(frame.pool, Frame.PAGE + 8191, 1);
    assertThat(PageHeader.isSane(frame.pool, Frame.PAGE)).isFalse();
  }

  @Test
  void headersThatContradictThemselvesAreNotSane() {
    for (var wrong :
        new int[][] {
          {PageHeader.FLAGS, 8},
          {PageHeader.LOWER, 8180},
          {PageHeader.UPPER, 8190},
          {PageHeader.SPECIAL, 8200},
          {PageHeader.SPECIAL, 8188},
        }) {
      PageHeader.init(frame.pool, Frame.PAGE, 16);
      assertThat(PageHeader.isSane(frame.pool, Frame.PAGE)).isTrue();
      PageBytes.putU16(frame.pool, Frame.PAGE + wrong[0], wrong[1]);
      assertThat(PageHeader.isSane(frame.pool, Frame.PAGE)).as("%s", wrong).isFalse();
    }
  }

  @Test
  void specialAreaMustLeaveRoom() {
    assertThatThrownBy(() -> PageHeader.init(frame.pool, Frame.PAGE, 8168))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
