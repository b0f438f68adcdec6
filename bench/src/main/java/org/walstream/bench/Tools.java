package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresTools;

/// The contestants: PostgreSQL 18's own tools, fetched first when they are not here.
final class Tools {

  private static final int MAJOR = 18;

  private Tools() {}

  static PostgresTools find() throws IOException {
    var home = System.getProperty("walstream.home");
    if (PostgresTools.find(MAJOR).isEmpty() && home != null) {
      fetch(Path.of(home, "scripts", "postgres-tools"));
    }
    return PostgresTools.require(MAJOR);
  }

  private static void fetch(Path script) throws IOException {
    var fetching = CrashProcess.start(List.of(script.toString(), String.valueOf(MAJOR)));
    if (fetching.awaitExit() != 0) {
      throw new IOException(fetching.errors().strip());
    }
  }
}
