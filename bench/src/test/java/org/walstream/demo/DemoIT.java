package org.walstream.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DemoIT {

  @Test
  void provesThatNothingAcknowledgedIsLost() throws Exception {
    var printed = new ByteArrayOutputStream();
    var out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    var holds = new Demo(new Screen(out, false), 3, 0, false).run();

    var story = printed.toString(StandardCharsets.UTF_8);
    assertThat(holds).as(story).isTrue();
    assertThat(story)
        .containsPattern("acknowledged rows +[1-9][0-9,]* +[1-9]")
        .containsPattern("checksum of the ids +right +right")
        .contains("PROVED");
  }
}
