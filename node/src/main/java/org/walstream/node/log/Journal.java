package org.walstream.node.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Whether standard error is systemd's journal, which takes a line's priority from its beginning:
/// `<4>` before each line. Anybody else gets lines without.
///
/// ```
/// JOURNAL_STREAM=DEVICE:INODE   of the socket that standard error was, when the service was started
/// ```
///
/// Formats: sd-daemon(3), systemd.exec(5).
public final class Journal {

  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private static final boolean HEARS = hears(System.getenv(), STANDARD_ERROR);

  private Journal() {}

  /// What a line on standard error begins with.
  public static String prefix(Severity severity) {
    return HEARS ? "<" + severity.syslogLevel() + ">" : "";
  }

  /// @param output what must be the journal's socket: somebody may have redirected it since
  static boolean hears(Map<String, String> environment, Path output) {
    String stream = environment.get("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      Map<String, Object> is = Files.readAttributes(output, "unix:dev,ino");
      return stream.equals(is.get("dev") + ":" + is.get("ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false; // nothing that can be looked at is no journal
    }
  }
}
