package org.walstream.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void rewritesTheLiveLineOnATerminal() {
    tell(new Screen(out, true));
    assertThat(printed()).isEqualTo("begin\n\r\033[Kone\r\033[Ktwo\nend\n");
  }

  @Test
  void printsPlainLinesElsewhere() {
    tell(new Screen(out, false));
    assertThat(printed()).isEqualTo("begin\none\ntwo\nend\n");
  }

  private static void tell(Screen screen) {
    screen.say("begin");
    screen.live("one");
    screen.live("two");
    screen.say("end");
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
