package org.walstream.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineHistoryTest {

  private static final TimelineId TWO = new TimelineId(2);
  private static final TimelineId THREE = new TimelineId(3);

  private static final String FILE =
      """
      1\t0/3000148\tno recovery target specified

      2\t1/5000000\tbefore 2026-11-24 10:00:00+00
      """;

  private static TimelineHistory history() throws CorruptDataException {
    return TimelineHistory.parse(THREE, FILE.getBytes(UTF_8));
  }

  @Test
  void writesWhatPostgresWrites() throws CorruptDataException {
    assertThat(history().format()).asString(UTF_8).isEqualTo(FILE);
    var built =
        TimelineHistory.ofFirst(TimelineId.FIRST)
            .branch(TWO, 0x3000148, "no recovery target specified")
            .branch(THREE, 0x1_05000000L, "before 2026-11-24 10:00:00+00");
    assertThat(built).isEqualTo(history());
  }

  @Test
  void aSwitchPointIsTheFirstPositionOfTheNewTimeline() throws CorruptDataException {
    var history = history();
    assertThat(history.timelineOf(0x3000147)).isEqualTo(TimelineId.FIRST);
    assertThat(history.timelineOf(0x3000148)).isEqualTo(TWO);
    assertThat(history.timelineOf(0x1_05000000L)).isEqualTo(THREE);
    assertThat(history.timelineOf(-1)).isEqualTo(THREE);
    assertThat(history.contains(TimelineId.FIRST, 0x3000147)).isTrue();
    assertThat(history.contains(TimelineId.FIRST, 0x3000148)).isFalse();
    assertThat(history.contains(THREE, -1)).isTrue();
    assertThat(history.contains(new TimelineId(4), 0)).isFalse();
  }

  @Test
  void knowsWhereItLeavesEachTimelineAndForWhich() throws CorruptDataException {
    var history = history();
    assertThat(history.switchPoint(TimelineId.FIRST)).hasValue(0x3000148);
    assertThat(history.next(TimelineId.FIRST)).contains(TWO);
    assertThat(history.begin(TWO)).isEqualTo(0x3000148);
    assertThat(history.switchPoint(THREE)).isEmpty();
    assertThat(history.next(THREE)).isEmpty();
    assertThat(history.timelines()).containsExactly(THREE, TWO, TimelineId.FIRST);
    assertThatThrownBy(() -> history.switchPoint(new TimelineId(4)))
        .hasMessage("requested timeline 4 is not in this server's history");
  }

  @Test
  void overlooksCommentsEmptyLinesAndMissingReasons() throws CorruptDataException {
    var history = TimelineHistory.parse(THREE, "# no\n\n  \r\n2 0/10\r\n".getBytes(UTF_8));
    assertThat(history.ancestors()).containsExactly(new TimelineHistory.Entry(TWO, 0x10, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x;0/1          | syntax error in history file "00000003.history", line 2: x;0/1 | Expected a numeric timeline ID.
          0;0/1          | syntax error in history file "00000003.history", line 2: 0;0/1 | Expected a numeric timeline ID.
          1              | syntax error in history file "00000003.history", line 2: 1     | Expected a write-ahead log switchpoint location.
          1;0-1          | syntax error in history file "00000003.history", line 2: 1;0-1 | Expected a write-ahead log switchpoint location.
          3;0/1          | invalid data in history file "00000003.history", line 2: 3;0/1 | Timeline IDs must be less than child timeline's ID.
          2;0/2^1;0/3    | invalid data in history file "00000003.history", line 3: 1;0/3 | Timeline IDs must be in increasing sequence.
          1;0/2^1;0/3    | invalid data in history file "00000003.history", line 3: 1;0/3 | Timeline IDs must be in increasing sequence.
          1;0/2^2;0/1    | invalid data in history file "00000003.history", line 3: 2;0/1 | Switchpoint locations must not go back.
          """)
  void refusesALineAndNamesIt(String lines, String message, String hint) {
    String file = "#\n" + lines.replace(';', '\t').replace('^', '\n');
    assertThatThrownBy(() -> TimelineHistory.parse(THREE, file.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e).hasMessage(message.replace(';', '\t'));
              assertThat(e.hint()).isEqualTo(hint);
              assertThat(e.sqlState()).isEqualTo("XX001");
            });
  }

  @Test
  void readsEveryHistoryThatItWrites() throws CorruptDataException {
    long seed = System.nanoTime();
    var random = random(seed);
    for (int i = 0; i < 500; i++) {
      var history = TimelineHistory.ofFirst(new TimelineId(1 + random.nextInt(3)));
      long lsn = 0;
      for (int n = random.nextInt(6); n > 0; n--) {
        lsn += random.nextLong(1L << 40);
        var next = new TimelineId(history.timeline().value() + 1 + random.nextInt(3));
        history = history.branch(next, lsn, "reason " + n);
      }
      assertThat(TimelineHistory.parse(history.timeline(), history.format()))
          .as("seed %d", seed)
          .isEqualTo(history);
    }
  }

  @Test
  void anyBytesAreReadOrRefusedAsCorrupt() {
    long seed = System.nanoTime();
    var random = random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] file = FILE.getBytes(UTF_8);
      for (int n = random.nextInt(4); n >= 0; n--) {
        file[random.nextInt(file.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(TimelineHistory.parse(THREE, file).timeline()).isEqualTo(THREE);
      } catch (CorruptDataException e) {
        assertThat(e).as("seed %d", seed).hasMessageContaining("00000003.history");
      }
    }
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
