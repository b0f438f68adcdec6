package org.walstream.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;

/// Which version of the format a directory of WAL has; docs/store-format.md says which there are.
///
/// Version 1 leaves no mark, so that a directory that pg_receivewal has made is one. A version that
/// an older program would misread writes its number into `.walstream.format`, as text, before it
/// changes anything else.
final class StoreFormat {

  private static final String FILE = ".walstream.format";
  private static final int VERSION = 1;

  /// Digits and a line's end.
  private static final int MAX_BYTES = 11;

  private StoreFormat() {}

  /// Looks before anything in the directory is touched.
  ///
  /// @throws WalStoreException if the directory's format is newer than this program, or its mark is
  ///   not a number
  static void requireKnown(FileLayer files, Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    String mark;
    try (OpenFile in = files.openForReading(file)) {
      var bytes = ByteBuffer.allocate((int) Math.min(in.size(), MAX_BYTES + 1));
      in.read(bytes, 0);
      mark = US_ASCII.decode(bytes.flip()).toString().strip();
    } catch (NoSuchFileException _) {
      return;
    }
    if (!mark.matches("[1-9][0-9]{0,8}")) {
      throw new WalStoreException(
          "file \"%s\" should hold the number of a format, but holds \"%s\"".formatted(file, mark));
    }
    if (Integer.parseInt(mark) > VERSION) {
      throw new WalStoreException(
          ("WAL directory \"%s\" has format %s, made by a newer Walstream; this one knows formats"
                  + " up to %d: nothing has been changed")
              .formatted(directory, mark, VERSION));
    }
  }
}
