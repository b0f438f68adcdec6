package org.walstream.redo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.walstream.testkit.RecordTypeTable;

final class RecoveryCoverageTest {

  private final String document = read();

  @Test
  void theDocumentSaysNothingButWhatItIsMadeOf() {
    assertThat(document).isEqualTo(RecoveryCoverage.asWritten(document));
  }

  @Test
  void whatNoTestHasSeenHasAReason() {
    assertThat(document).contains("## Not seen").doesNotContain(RecordTypeTable.NO_REASON);
  }

  private static String read() {
    try {
      return Files.readString(Path.of("..", "docs", "recovery-coverage.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
