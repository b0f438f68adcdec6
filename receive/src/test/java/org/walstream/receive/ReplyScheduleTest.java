package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReplyScheduleTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long START = 0x3000000L;

  /// A slot that has reserved nothing yet keeps WAL only from what it hears on.
  @Test
  void theSenderIsToldAtOnceWhereTheStreamBegins() {
    for (long interval : new long[] {0, 10 * SECOND}) {
      var schedule = new ReplySchedule(false, interval, START, 0);
      assertThat(schedule.due(0)).isTrue();
      schedule.reported(0);
      assertThat(schedule.due(0)).isFalse();
    }
  }

  private static ReplySchedule begun(boolean synchronous, long intervalNanos) {
    var schedule = new ReplySchedule(synchronous, intervalNanos, START, 0);
    schedule.reported(0);
    return schedule;
  }

  @Test
  void asynchronousReceiverStaysSilentUntilTheSegmentIsComplete() {
    var schedule = begun(false, 10 * SECOND);
    schedule.written(START + 8192, 0);
    schedule.flushed(START + 8192, false);
    assertThat(schedule.due(0)).isFalse();

    schedule.written(START + 0x1000000, 0);
    schedule.flushed(START + 0x1000000, true);
    assertThat(schedule.due(0)).isTrue();
  }

  /// It may have slept through what came after that.
  @Test
  void aSenderIsWokenOnceWhenTheStreamStandsStill() {
    for (long interval : new long[] {0, 10 * SECOND}) {
      var schedule = begun(true, interval);
      schedule.written(START + 100, 1);
      schedule.written(START + 200, 2);
      schedule.written(START + 200, 3);
      assertThat(schedule.nanosUntilDue(3)).isEqualTo(ReplySchedule.STILL_NANOS - 1);
      schedule.flushed(START + 200, false);
      schedule.reported(4);
      assertThat(schedule.looksAgain()).as("it was too early to count").isTrue();

      long still = 2 + ReplySchedule.STILL_NANOS;
      assertThat(schedule.due(still - 1)).isFalse();
      assertThat(schedule.due(still)).isTrue();
      schedule.reported(still);
      schedule.written(START + 200, still + 1);
      assertThat(schedule.due(9 * SECOND)).as("once is enough").isFalse();
      assertThat(schedule.looksAgain()).isFalse();
    }
  }

  @Test
  void synchronousReceiverReportsEveryFlushOnce() {
    var schedule = begun(true, 10 * SECOND);
    schedule.written(START + 100, 0);
    assertThat(schedule.due(0)).isFalse(); // written is not durable: nothing to promise yet

    schedule.flushed(START + 100, false);
    assertThat(schedule.due(0)).isTrue();

    schedule.reported(0);
    schedule.flushed(START + 100, false);
    assertThat(schedule.due(0)).isFalse();
  }

  @Test
  void flushThatWasAskedForIsReportedWhenItIsThere() {
    var schedule = begun(false, 10 * SECOND);
    schedule.written(START + 200, 0);
    schedule.replyRequested();
    schedule.flushRequested();
    assertThat(schedule.due(0)).as("the question itself is answered at once").isTrue();
    schedule.reported(0);
    assertThat(schedule.reportsEveryFlush()).isTrue();

    schedule.flushed(START + 100, false);
    assertThat(schedule.due(0)).as("some of it").isTrue();
    schedule.reported(0);
    schedule.flushed(START + 200, false);
    assertThat(schedule.due(0)).as("all of it").isTrue();
    schedule.reported(0);
    assertThat(schedule.reportsEveryFlush()).as("and then silence").isFalse();
  }

  @Test
  void intervalKeepsTheSenderAssured() {
    var schedule = begun(false, 10 * SECOND);
    assertThat(schedule.nanosUntilDue(4 * SECOND)).isEqualTo(6 * SECOND);
    assertThat(schedule.due(10 * SECOND)).isTrue();
    schedule.reported(10 * SECOND);
    assertThat(schedule.due(19 * SECOND)).isFalse();
  }

  @Test
  void withoutAnIntervalOnlyEventsMakeAReportDue() {
    var schedule = begun(false, 0);
    assertThat(schedule.nanosUntilDue(1_000_000 * SECOND)).isEqualTo(Long.MAX_VALUE);
    schedule.replyRequested();
    assertThat(schedule.due(0)).isTrue();
  }

  @Test
  void refusesToCallDurableWhatWasNeverWritten() {
    var schedule = begun(true, 10 * SECOND);
    assertThatThrownBy(() -> schedule.flushed(START + 1, false))
        .hasMessageContaining("is past what is written");
  }

  @Test
  void positionsNeverGoBack() {
    var schedule = begun(true, 10 * SECOND);
    schedule.written(START + 2, 0);
    schedule.flushed(START + 2, false);
    assertThatThrownBy(() -> schedule.written(START + 1, 0))
        .hasMessageContaining("written went back");
    assertThatThrownBy(() -> schedule.flushed(START + 1, false))
        .hasMessageContaining("flushed went back");
  }
}
