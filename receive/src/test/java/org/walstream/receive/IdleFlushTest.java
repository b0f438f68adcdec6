package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleFlushTest {

  private static final long IDLE = IdleFlush.IDLE_NANOS;

  @Test
  void tailIsFlushedOnceTheStreamHasStoodStill() {
    var idle = new IdleFlush(100, 0);
    assertThat(idle.due(200, 100, 0)).isFalse();
    assertThat(idle.nanosUntilLook(100, 0)).isEqualTo(IDLE);
    assertThat(idle.due(200, 100, IDLE)).isTrue();
    assertThat(idle.due(200, 100, 2 * IDLE)).as("it has been asked for").isFalse();
    assertThat(idle.nanosUntilLook(100, 2 * IDLE)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void movingStreamIsLeftAlone() {
    var idle = new IdleFlush(100, 0);
    for (int i = 1; i < 10; i++) {
      assertThat(idle.due(100 + i, 100, i * (IDLE - 1))).isFalse();
    }
  }

  @Test
  void nothingToFlushNeedsNoLook() {
    var idle = new IdleFlush(100, 0);
    assertThat(idle.due(100, 100, 10 * IDLE)).isFalse();
    assertThat(idle.nanosUntilLook(100, 10 * IDLE)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void nextTailIsFlushedToo() {
    var idle = new IdleFlush(100, 0);
    assertThat(idle.due(200, 100, 0)).isFalse();
    assertThat(idle.due(200, 100, IDLE)).isTrue();
    assertThat(idle.due(300, 200, 2 * IDLE)).isFalse();
    assertThat(idle.due(300, 200, 3 * IDLE)).isTrue();
  }
}
