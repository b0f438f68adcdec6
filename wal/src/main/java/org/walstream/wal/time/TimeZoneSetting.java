package org.walstream.wal.time;

import org.jspecify.annotations.Nullable;

/// What the environment says about the zone, and what it means.
///
/// | `TZ` | the zone |
/// |---|---|
/// | not set | the file `/etc/localtime`, or UTC |
/// | empty | the file `Universal` |
/// | `Asia/Kathmandu`, `/path/to/file` | a file; a relative name is below `TZDIR` |
/// | `CET-1CEST,M3.5.0,M10.5.0/3`, `GMT-8` | a rule, when there is no such file |
/// | `CET-1CEST` | a rule with the changes of the file `posixrules`, or those of the United States |
/// | `:` and any of these | the same |
/// | anything else | UTC, under the name with which it begins, or none |
///
/// Counterpart of tzset() of glibc.
///
/// @param tz the environment's `TZ`, null when not set
/// @param tzdir its `TZDIR`, null when not set
public record TimeZoneSetting(@Nullable String tz, @Nullable String tzdir) {

  private static final String LOCALTIME = "/etc/localtime"; // TZDEFAULT
  private static final String ZONEINFO = "/usr/share/zoneinfo";
  private static final String FOR_EMPTY = "Universal";
  private static final String POSIXRULES = "posixrules"; // TZDEFRULES

  public TimeZoneRules rules(ZoneFiles files) {
    String name = name();
    if (name.isEmpty()) {
      return TimeZoneRules.utc();
    }
    TzifFile file = file(name, files);
    if (file != null) {
      return file;
    }
    return name.equals(LOCALTIME) ? TimeZoneRules.utc() : posix(name, files);
  }

  private String name() {
    if (tz == null) {
      return LOCALTIME;
    }
    if (tz.isEmpty()) {
      return FOR_EMPTY;
    }
    return tz.startsWith(":") ? tz.substring(1) : tz;
  }

  private TimeZoneRules posix(String text, ZoneFiles files) {
    PosixTimeZone rules = PosixTimeZone.parse(text);
    if (PosixTimeZone.leavesChangesOpen(text)) {
      TzifFile changes = file(POSIXRULES, files);
      if (changes != null && changes.hasTwoTypes()) {
        return changes.withClocksOf(rules);
      }
    }
    return rules;
  }

  private @Nullable TzifFile file(String name, ZoneFiles files) {
    String directory = tzdir == null || tzdir.isEmpty() ? ZONEINFO : tzdir;
    byte[] bytes = files.read(name.startsWith("/") ? name : directory + "/" + name);
    return bytes == null ? null : TzifFile.parse(bytes);
  }
}
