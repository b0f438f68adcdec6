package org.walstream.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @Test
  void isWhatTheServiceWasStartedWith(@TempDir Path directory) throws Exception {
    Path output = Files.createFile(directory.resolve("socket"));
    Map<String, Object> is = Files.readAttributes(output, "unix:dev,ino");
    String stream = is.get("dev") + ":" + is.get("ino");
    assertThat(Journal.hears(Map.of("JOURNAL_STREAM", stream), output)).isTrue();
    assertThat(Journal.hears(Map.of("JOURNAL_STREAM", stream + "1"), output)).isFalse();
    assertThat(Journal.hears(Map.of(), output)).isFalse();
    Path gone = directory.resolve("gone");
    assertThat(Journal.hears(Map.of("JOURNAL_STREAM", stream), gone)).isFalse();
  }

  /// The suite has none to speak to.
  @Test
  void anybodyElseGetsLinesAsTheyAre() {
    assertThat(Journal.prefix(Severity.PANIC)).isEmpty();
  }

  @Test
  void levelsAreThoseOfPostgresql() {
    assertThat(Severity.LOG.syslogLevel()).isEqualTo(6);
    assertThat(Severity.WARNING.syslogLevel()).isEqualTo(5);
    assertThat(Severity.ERROR.syslogLevel()).isEqualTo(4);
    assertThat(Severity.FATAL.syslogLevel()).isEqualTo(3);
  }
}
