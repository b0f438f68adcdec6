package org.walstream.bench;

import java.io.IOException;

/// Programs of the system that are run to their end, for whole trees of files.
final class Shell {

  private Shell() {}

  /// @throws IOException unless it exits with 0; what it has to say goes to standard error
  static void run(String... words) throws IOException, InterruptedException {
    if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
      throw new IOException(String.join(" ", words) + " failed");
    }
  }
}
