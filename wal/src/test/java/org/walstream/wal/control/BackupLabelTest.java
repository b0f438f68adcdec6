package org.walstream.wal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

class BackupLabelTest {

  /// As PostgreSQL 18 writes it.
  private static final String STREAMED =
      """
      START WAL LOCATION: 0/2000028 (file 000000010000000000000002)
      CHECKPOINT LOCATION: 0/2000080
      BACKUP METHOD: streamed
      BACKUP FROM: primary
      START TIME: 2026-11-27 05:12:45 UTC
      LABEL: nightly, ünder load
      START TIMELINE: 1
      """;

  @Test
  void readsAndWritesWhatAServerWrites() throws Exception {
    BackupLabel label = parse(STREAMED);
    assertThat(label.startLsn()).isEqualTo(0x2000028);
    assertThat(label.startWalFile()).isEqualTo("000000010000000000000002");
    assertThat(label.checkPointLsn()).isEqualTo(0x2000080);
    assertThat(label.label()).contains("nightly, ünder load");
    assertThat(label.startTime()).contains("2026-11-27 05:12:45 UTC");
    assertThat(label.timeline()).isEqualTo(TimelineId.FIRST);
    assertThat(label.isBackupEndRequired()).isTrue();
    assertThat(label.isFromStandby()).isFalse();
    assertThat(label.incremental()).isEmpty();
    assertThat(text(label)).isEqualTo(STREAMED);
    assertThat(
            BackupLabel.ofBackup(
                0x2000028,
                TimelineId.FIRST,
                WalSegmentSize.DEFAULT,
                0x2000080,
                false,
                "2026-11-27 05:12:45 UTC",
                "nightly, ünder load"))
        .isEqualTo(label);
  }

  @Test
  void readsAnIncrementalBackupsLabel() throws Exception {
    String incremental = STREAMED + "INCREMENTAL FROM LSN: A/1000028\nINCREMENTAL FROM TLI: 7\n";
    BackupLabel label = parse(incremental);
    assertThat(label.incremental())
        .contains(new BackupLabel.Incremental(0xA_01000028L, new TimelineId(7)));
    assertThat(text(label)).isEqualTo(incremental);
  }

  @Test
  void readsWhatPgRewindLeaves() throws Exception {
    String rewound =
        """
        START WAL LOCATION: 1/2000028 (file 000000020000000100000002)
        CHECKPOINT LOCATION: 1/2000060
        BACKUP METHOD: pg_rewind
        BACKUP FROM: standby
        START TIME: 2026-11-27 05:12:45 UTC
        """;
    BackupLabel label = parse(rewound);
    assertThat(label.isBackupEndRequired()).isFalse();
    assertThat(label.isFromStandby()).isTrue();
    assertThat(label.label()).isEqualTo(Optional.empty());
    assertThat(label.timeline()).isEqualTo(new TimelineId(2));
    assertThat(text(label)).isEqualTo(rewound);
  }

  @Test
  void refusesWhatAServerRefuses() {
    String start = STREAMED.lines().findFirst().orElseThrow() + "\n";
    String both = STREAMED.substring(0, STREAMED.indexOf("BACKUP METHOD"));
    assertRefused("");
    assertRefused(start);
    assertRefused(both.stripTrailing());
    assertRefused(both.replace("\n", "\r\n"));
    assertRefused(both.replace("file 00000001", "file 00000000"));
    assertRefused(both.replace("0/2000080", "0/200008000"));
    assertRefused(both + "START TIMELINE: x\n");
    assertRefused(both + "INCREMENTAL FROM LSN: 0/1000028\n");
  }

  private static void assertRefused(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(CorruptDataException.class)
        .hasMessage("invalid data in file \"backup_label\"");
  }

  @Test
  void refusesAnotherTimelineThanItsFileHas() {
    assertThatThrownBy(() -> parse(STREAMED.replace("TIMELINE: 1", "TIMELINE: 3")))
        .isInstanceOf(CorruptDataException.class)
        .hasMessage(
            "invalid data in file \"backup_label\": timeline ID parsed is 3, but expected 1");
  }

  private static BackupLabel parse(String text) throws CorruptDataException {
    return BackupLabel.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(BackupLabel label) {
    return new String(label.toBytes(), StandardCharsets.UTF_8);
  }
}
