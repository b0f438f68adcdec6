package org.walstream.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.testkit.Prerequisite;

/// The real file system, with direct I/O or without.
final class TestedFiles {

  private TestedFiles() {}

  static FileLayer of(boolean direct, Path directory) {
    if (!direct) {
      return FileLayer.system();
    }
    try {
      return FileLayer.direct(FileLayer.system(), directory);
    } catch (IOException e) {
      String missing = String.valueOf(e.getMessage());
      assumeTrue(Prerequisite.met(false, missing), missing);
      throw new IllegalStateException(e);
    }
  }
}
