package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  @Test
  void exampleInTheReadmeIsTheOneThatCompiles() throws Exception {
    String source =
        Files.readString(Path.of("src/test/java/org/walstream/receive/ReceiveExample.java"));
    String example =
        source.substring(
            source.indexOf("// README begins\n") + "// README begins\n".length(),
            source.indexOf("    // README ends"));
    assertThat(Files.readString(Path.of("README.md")))
        .contains("```java\n" + example.replaceAll("(?m)^ {4}", "") + "```");
  }
}
