package org.walstream.cli.check;

import java.util.Locale;
import org.walstream.observe.JsonObject;
import org.walstream.store.check.WalReport;
import org.walstream.store.check.WalReport.Damage;
import org.walstream.store.check.WalReport.Gap;
import org.walstream.store.check.WalReport.Range;
import org.walstream.wal.Lsn;

/// A [WalReport] as lines, or as JSON.
final class WalReportText {

  private WalReportText() {}

  static String lines(WalReport report, double seconds) {
    var text = new StringBuilder();
    text.append(
        "system identifier %s, segments of %d MB%n"
            .formatted(
                Long.toUnsignedString(report.identity().systemIdentifier()),
                report.identity().segmentSize().bytes() >> 20));
    for (Range range : report.ranges()) {
      text.append(
          "timeline %s: %s to %s, %d segments%n"
              .formatted(
                  range.timeline(),
                  Lsn.format(range.startLsn()),
                  Lsn.format(range.endLsn()),
                  range.segments()));
    }
    for (Gap gap : report.gaps()) {
      text.append(
          gap.endLsn() == 0
              ? "gap: timeline %s: %s%n".formatted(gap.timeline(), gap.reason())
              : "gap: timeline %s: %s to %s, %s%n"
                  .formatted(
                      gap.timeline(),
                      Lsn.format(gap.startLsn()),
                      Lsn.format(gap.endLsn()),
                      gap.reason()));
    }
    for (Damage damage : report.damages()) {
      text.append(
          "%s: timeline %s: %s to %s, in \"%s\" at offset %d: %s%n"
              .formatted(
                  word(damage),
                  damage.timeline(),
                  Lsn.format(damage.startLsn()),
                  Lsn.format(damage.endLsn()),
                  damage.fileName(),
                  damage.offset(),
                  damage.message()));
    }
    return text.append(
            "%d segments, %d bytes read in %.1f s (%.0f MB/s): %s%n"
                .formatted(
                    report.segments(),
                    report.bytes(),
                    seconds,
                    report.bytes() / 1e6 / Math.max(seconds, 1e-3),
                    report.isGood()
                        ? "good"
                        : "%d gaps, %d damages"
                            .formatted(report.gaps().size(), report.damages().size())))
        .toString();
  }

  static JsonObject json(WalReport report) {
    return new JsonObject()
        .put("system_identifier", Long.toUnsignedString(report.identity().systemIdentifier()))
        .put("segment_size", report.identity().segmentSize().bytes())
        .put("good", report.isGood())
        .put("segments", report.segments())
        .put("bytes", report.bytes())
        .put("timelines", report.ranges().stream().map(WalReportText::json).toList())
        .put("gaps", report.gaps().stream().map(WalReportText::json).toList())
        .put("damages", report.damages().stream().map(WalReportText::json).toList());
  }

  private static JsonObject json(Range range) {
    return new JsonObject()
        .put("timeline", range.timeline().value())
        .put("start", Lsn.format(range.startLsn()))
        .put("end", Lsn.format(range.endLsn()))
        .put("segments", range.segments());
  }

  private static JsonObject json(Gap gap) {
    return new JsonObject()
        .put("timeline", gap.timeline().value())
        .put("start", Lsn.format(gap.startLsn()))
        .put("end", Lsn.format(gap.endLsn()))
        .put("reason", gap.reason());
  }

  private static JsonObject json(Damage damage) {
    return new JsonObject()
        .put("kind", word(damage))
        .put("timeline", damage.timeline().value())
        .put("start", Lsn.format(damage.startLsn()))
        .put("end", Lsn.format(damage.endLsn()))
        .put("file", damage.fileName())
        .put("offset", damage.offset())
        .put("message", damage.message());
  }

  private static String word(Damage damage) {
    return damage.kind().name().toLowerCase(Locale.ROOT);
  }
}
