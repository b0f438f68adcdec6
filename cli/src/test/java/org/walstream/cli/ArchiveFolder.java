package org.walstream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.walstream.testkit.ScratchDirectory;

/// A directory for archived WAL, in which whoever runs a server may write.
final class ArchiveFolder {

  private ArchiveFolder() {}

  static ScratchDirectory create() throws IOException {
    ScratchDirectory folder = ScratchDirectory.create("archive");
    Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
    return folder;
  }
}
