package org.walstream.cli.standby;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;
import org.walstream.redo.recovery.RecoveryListener;

class FillProgressTest {

  private static final long MB = 1 << 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void aLineSaysHowMuchHasCome() {
    assertThat(FillProgress.line(0, 3 * MB))
        .isEqualTo("[                    ]   0%  0 of about 3 MB");
    assertThat(FillProgress.line(100 * MB, 157 * MB))
        .isEqualTo("[############        ]  63%  100 of about 157 MB");
    assertThat(FillProgress.line(5 * MB, 5 * MB))
        .isEqualTo("[####################] 100%  5 of about 5 MB");
  }

  @Test
  void theLineMakesRoomForWords() {
    var said = new ArrayList<String>();
    var progress = new FillProgress(NOPLogger.NOP_LOGGER, out, true);
    progress.show(MB, 2 * MB);
    progress.show(2 * MB, 2 * MB);
    progress
        .around(
            new RecoveryListener() {
              @Override
              public void log(String message) {
                said.add(message);
              }

              @Override
              public void warning(String message) {}
            })
        .log("done");
    assertThat(said).containsExactly("done");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\033[K[##########          ]  50%  1 of about 2 MB"
                + "\r\033[K[####################] 100%  2 of about 2 MB\r\033[K");
  }

  @Test
  void elsewhereThereIsNoLine() {
    var progress = new FillProgress(NOPLogger.NOP_LOGGER, out, false);
    progress.show(MB, 2 * MB);
    progress.pause();
    assertThat(bytes.size()).isZero();
  }
}
