package org.walstream.node.time;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.time.TimeZoneRules;
import org.walstream.wal.time.TimeZoneSetting;

/// The process's own zone, as a C program in the same environment sees it. Read once, when first
/// asked for.
public final class SystemTimeZone {

  /// Far more than any zone needs: `TZ` may name a file that never ends.
  private static final int FILE_LENGTH_MAX = 1 << 20;

  private SystemTimeZone() {}

  public static TimeZoneRules rules() {
    return Own.RULES;
  }

  /// The zone of a process with this environment.
  public static TimeZoneRules in(Map<String, String> environment) {
    return new TimeZoneSetting(environment.get("TZ"), environment.get("TZDIR"))
        .rules(SystemTimeZone::read);
  }

  /// A zone that cannot be read is no failure: the C library goes on without, and says nothing.
  private static byte @Nullable [] read(String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      return in.readNBytes(FILE_LENGTH_MAX);
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }

  private static final class Own {
    static final TimeZoneRules RULES = in(System.getenv());
  }
}
