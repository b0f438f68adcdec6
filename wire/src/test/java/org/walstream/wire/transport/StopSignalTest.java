package org.walstream.wire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopSignalTest {

  private final StopSignal stop = new StopSignal();
  private final List<String> ended = new ArrayList<>();

  @Test
  void endsTheWaitsThereAreOnceAndNotThoseThatAreOver() {
    try (var _ = stop.during(() -> ended.add("over"))) {
      assertThat(ended).isEmpty();
    }
    try (var _ = stop.during(() -> ended.add("outer"));
        var _ = stop.during(() -> ended.add("inner"))) {
      stop.raise();
      stop.raise();
      assertThat(ended).containsExactly("outer", "inner");
    }
  }

  @Test
  void aWaitThatBeginsTooLateIsEndedAtOnce() {
    stop.raise();
    try (var _ = stop.during(() -> ended.add("late"))) {
      assertThat(ended).containsExactly("late");
    }
    assertThatThrownBy(stop::check).isInstanceOf(StoppedException.class);
  }

  @Test
  void oneEndThatFailsKeepsNoOtherFromComing() {
    try (var _ =
            stop.during(() -> {
              throw new IOException("cannot close");
            });
        var _ = stop.during(() -> ended.add("second"))) {
      assertThatThrownBy(stop::raise).isInstanceOf(UncheckedIOException.class);
      assertThat(ended).containsExactly("second");
    }
  }
}
