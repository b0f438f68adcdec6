package org.walstream.store;

import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.walstream.file.FileLayer;

/// The files that are ours alone were visible once: `walstream.lock`, `NAME.next`, `N.spare`. A
/// directory from that time gets today's names, which others pass over.
final class FormerNames {

  private static final String LOCK_FILE = "walstream.lock";
  private static final Pattern OURS =
      Pattern.compile("[0-9A-F]{24}(\\.gz|\\.lz4|\\.zst)?\\.next|[0-9A-F]{8}\\.spare");

  private FormerNames() {}

  /// Hides what is found. The caller has the directory's lock of today.
  ///
  /// @throws WalStoreException if a program of that time has the directory
  static void hide(FileLayer files, Path directory) throws IOException {
    Path formerLock = directory.resolve(LOCK_FILE);
    if (Files.isRegularFile(formerLock)) {
      requireUnlocked(formerLock, directory);
      files.delete(formerLock);
    }
    for (String name : files.list(directory)) {
      if (OURS.matcher(name).matches()) {
        files.rename(directory.resolve(name), directory.resolve("." + name));
      }
    }
  }

  private static void requireUnlocked(Path lockFile, Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(lockFile, WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new WalStoreException(
            "WAL directory \"%s\" is in use by process %s: only one writer may have it"
                .formatted(directory, Files.readString(lockFile).strip()));
      }
    }
  }
}
