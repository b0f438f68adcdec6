package org.walstream.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSettingsTest {

  @TempDir Path data;

  @Test
  void withoutAConfigurationNothingIsKnownOfHints() throws Exception {
    assertThat(ClusterSettings.read(data).walLogHints()).isEmpty();
  }

  @Test
  void aServerLogsNoHintsUnlessItsConfigurationSaysSo() throws Exception {
    Files.writeString(data.resolve("postgresql.conf"), "fsync = on\n");
    assertThat(ClusterSettings.read(data).walLogHints()).hasValue(false);

    Files.writeString(data.resolve("postgresql.auto.conf"), "wal_log_hints = 'on'\n");
    assertThat(ClusterSettings.read(data).walLogHints()).hasValue(true);
  }
}
