package org.walstream.wal.control;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// The file `backup_label` of a base backup: where recovery of it begins, which its control file,
/// copied at any time while the backup was made, does not know.
///
/// ```
/// START WAL LOCATION: 0/2000028 (file 000000010000000000000002)
/// CHECKPOINT LOCATION: 0/2000080
/// BACKUP METHOD: streamed
/// BACKUP FROM: primary
/// START TIME: 2026-11-27 05:12:45 UTC
/// LABEL: pg_basebackup base backup
/// START TIMELINE: 1
/// INCREMENTAL FROM LSN: 0/1000028      of an incremental backup, since PostgreSQL 17
/// INCREMENTAL FROM TLI: 1              likewise
/// ```
///
/// The first two lines must be there, as they are; each of the others may be missing, as in the
/// file that pg_rewind leaves.
///
/// Counterpart of read_backup_label(), src/backend/access/transam/xlogrecovery.c, and of
/// build_backup_content(), src/backend/access/transam/xlogbackup.c.
///
/// @param startLsn the redo point of the checkpoint that the backup began with
/// @param startWalFile the name of the segment that holds it
/// @param checkPointLsn where the record of that checkpoint starts
/// @param method how it was made: `streamed`, or `pg_rewind`
/// @param from `primary` or `standby`
/// @param startTime as the server printed it, in its log's time zone
/// @param startTimeline the timeline of `startWalFile`
/// @param incremental what an incremental backup builds on
public record BackupLabel(
    long startLsn,
    String startWalFile,
    long checkPointLsn,
    Optional<String> method,
    Optional<String> from,
    Optional<String> startTime,
    Optional<String> label,
    Optional<TimelineId> startTimeline,
    Optional<Incremental> incremental) {

  /// The file's name.
  public static final String FILE_NAME = "backup_label";

  /// What an incremental backup builds on.
  ///
  /// @param lsn the start of the backup before
  public record Incremental(long lsn, TimelineId timeline) {}

  private static final String LSN = "([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})";

  private static final Pattern START =
      Pattern.compile("START WAL LOCATION: " + LSN + " \\(file ([0-9A-Fa-f]{8}\\S{1,16})\\)");

  private static final Pattern CHECKPOINT = Pattern.compile("CHECKPOINT LOCATION: " + LSN);
  private static final Pattern INCREMENTAL_LSN = Pattern.compile("INCREMENTAL FROM LSN: " + LSN);

  /// The label of a backup that runs through the server (`BACKUP METHOD: streamed`).
  public static BackupLabel ofBackup(
      long startLsn,
      TimelineId timeline,
      WalSegmentSize segmentSize,
      long checkPointLsn,
      boolean fromStandby,
      String startTime,
      String label) {
    return new BackupLabel(
        startLsn,
        WalSegmentName.containing(timeline, startLsn, segmentSize).fileName(),
        checkPointLsn,
        Optional.of("streamed"),
        Optional.of(fromStandby ? "standby" : "primary"),
        Optional.of(startTime),
        Optional.of(label),
        Optional.of(timeline),
        Optional.empty());
  }

  /// Reads a label.
  ///
  /// @throws CorruptDataException when one of the first two lines is not as it must be, or the file
  ///   contradicts itself
  public static BackupLabel parse(byte[] file) throws CorruptDataException {
    String text = new String(file, StandardCharsets.UTF_8);
    var lines = new Lines(text);
    Matcher start = lines.required(START);
    Matcher checkPoint = lines.required(CHECKPOINT);
    var label =
        new BackupLabel(
            lsn(start.group(1)),
            start.group(2),
            lsn(checkPoint.group(1)),
            lines.optional("BACKUP METHOD: "),
            lines.optional("BACKUP FROM: "),
            lines.optional("START TIME: "),
            lines.optional("LABEL: "),
            timeline(lines.optional("START TIMELINE: ")),
            lines.incremental());
    label.checkTimeline();
    return label;
  }

  private void checkTimeline() throws CorruptDataException {
    TimelineId fromFile = timeline();
    if (startTimeline.isPresent() && !startTimeline.get().equals(fromFile)) {
      throw new CorruptDataException(
          "invalid data in file \"backup_label\": timeline ID parsed is %s, but expected %s"
              .formatted(startTimeline.get(), fromFile));
    }
  }

  /// The file as a server writes it.
  public byte[] toBytes() {
    var text = new StringBuilder();
    text.append("START WAL LOCATION: ").append(Lsn.format(startLsn));
    text.append(" (file ").append(startWalFile).append(")\n");
    text.append("CHECKPOINT LOCATION: ").append(Lsn.format(checkPointLsn)).append('\n');
    line("BACKUP METHOD: ", method, text);
    line("BACKUP FROM: ", from, text);
    line("START TIME: ", startTime, text);
    line("LABEL: ", label, text);
    line("START TIMELINE: ", startTimeline, text);
    line("INCREMENTAL FROM LSN: ", incremental.map(base -> Lsn.format(base.lsn())), text);
    line("INCREMENTAL FROM TLI: ", incremental.map(Incremental::timeline), text);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void line(String name, Optional<?> value, StringBuilder text) {
    value.ifPresent(present -> text.append(name).append(present).append('\n'));
  }

  /// The timeline that recovery begins on: that of [#startWalFile].
  ///
  /// @throws CorruptDataException when that names none
  public TimelineId timeline() throws CorruptDataException {
    int timeline = Integer.parseUnsignedInt(startWalFile, 0, 8, 16);
    if (timeline == 0) {
      throw invalid();
    }
    return new TimelineId(timeline);
  }

  /// True when recovery is consistent only once it has come to the backup's end.
  public boolean isBackupEndRequired() {
    return method.filter("streamed"::equals).isPresent();
  }

  public boolean isFromStandby() {
    return from.filter("standby"::equals).isPresent();
  }

  private static long lsn(String text) {
    return Lsn.parse(text).value();
  }

  private static Optional<TimelineId> timeline(Optional<String> text) throws CorruptDataException {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(TimelineId.parse(text.get()));
    } catch (IllegalArgumentException _) {
      throw invalid();
    }
  }

  private static CorruptDataException invalid() {
    return new CorruptDataException("invalid data in file \"backup_label\"");
  }

  /// The lines of a file, each of which is taken or left for what comes next.
  private static final class Lines {

    private final Iterator<String> rest;
    private @Nullable String line;

    Lines(String text) {
      rest = Arrays.asList(text.split("\n", -1)).iterator();
      advance();
    }

    Matcher required(Pattern pattern) throws CorruptDataException {
      Matcher matcher = pattern.matcher(line == null ? "" : line);
      if (!matcher.matches() || !rest.hasNext()) {
        throw invalid();
      }
      advance();
      return matcher;
    }

    Optional<String> optional(String name) {
      if (line == null || !line.startsWith(name)) {
        return Optional.empty();
      }
      String value = line.substring(name.length());
      advance();
      return Optional.of(value);
    }

    Optional<Incremental> incremental() throws CorruptDataException {
      if (line == null || !line.startsWith("INCREMENTAL FROM LSN: ")) {
        return Optional.empty();
      }
      Matcher lsn = required(INCREMENTAL_LSN);
      Optional<TimelineId> timeline = timeline(optional("INCREMENTAL FROM TLI: "));
      return Optional.of(
          new Incremental(lsn(lsn.group(1)), timeline.orElseThrow(BackupLabel::invalid)));
    }

    private void advance() {
      line = rest.hasNext() ? rest.next() : null;
    }
  }
}
