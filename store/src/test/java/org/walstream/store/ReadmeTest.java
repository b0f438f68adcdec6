package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {

  @Test
  void opensWithCodeThatCompiles() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/org/walstream/store/StoreExample.java"));
    String begin = "// README begins\n";
    String code =
        source.substring(
            source.indexOf(begin) + begin.length(), source.indexOf("    // README ends"));
    assertThat(Files.readString(Path.of("README.md"))).contains(code.replaceAll("(?m)^ {4}", ""));
  }

  @Test
  void theCodeRuns(@TempDir Path directory) throws IOException {
    StoreExample.keepAndReadBack(directory, 1, 3L << 24, ByteBuffer.wrap(new byte[100]));
    assertThat(directory.resolve("000000010000000000000003.partial")).exists();
  }
}
