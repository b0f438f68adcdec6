package org.walstream.redo.slru;

import static org.walstream.redo.storage.DataFiles.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.walstream.redo.storage.DataFile;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Check;

/// The pages of one SLRU on disk, while WAL is replayed into it.
///
/// Replay may ask for what has been truncated long ago, when it begins before the truncation: a
/// file that is missing reads as zeros, and is made again when a page of it is written. A file that
/// is too short is not missing, and an error. Whatever is done here may be done again, and is
/// durable after [DataFiles#sync].
///
/// Counterpart of src/backend/access/transam/slru.c in recovery. One thread.
public final class SlruFiles {

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK_BYTES).asReadOnlyBuffer();

  private final DataFiles files;
  private final SlruDirectory slru;
  private final Path directory;

  public SlruFiles(DataFiles files, Path dataDirectory, SlruDirectory slru) {
    this.files = files;
    this.slru = slru;
    this.directory = dataDirectory.resolve(slru.directory());
  }

  /// Fills `into`, which has room for one page.
  ///
  /// @return false if the file is missing and the zeros are ours
  /// @throws IOException if the file ends before the page does
  public boolean readPage(long page, ByteBuffer into) throws IOException {
    Check.state(into.remaining() == BLOCK_BYTES, "%d bytes for a page", into.remaining());
    Path path = path(page);
    try (DataFile file = files.open(path)) {
      int got = file.read(into, offset(page));
      if (got < BLOCK_BYTES) {
        throw new IOException(
            "could not read from file \"%s\" at offset %d: read too few bytes"
                .formatted(path, offset(page)));
      }
      return true;
    } catch (NoSuchFileException truncatedLater) {
      into.put(zeros());
      return false;
    }
  }

  /// Writes the page that is `from`.
  public void writePage(long page, ByteBuffer from) throws IOException {
    Check.state(from.remaining() == BLOCK_BYTES, "%d bytes as a page", from.remaining());
    try (DataFile file = files.openOrCreate(path(page))) {
      file.write(from, offset(page));
    }
  }

  /// Makes the page, or makes it zeros.
  public void zeroPage(long page) throws IOException {
    writePage(page, zeros());
  }

  /// True when the page is in its file (SimpleLruDoesPhysicalPageExist).
  public boolean hasPage(long page) throws IOException {
    return files.sizeOrAbsent(path(page)) >= offset(page) + BLOCK_BYTES;
  }

  /// Removes the segments that are wholly older than `cutoffPage`.
  ///
  /// @param latestPage the page being filled now
  /// @return false, with nothing done, if that page would be among what goes: "apparent wraparound"
  public boolean truncate(long cutoffPage, long latestPage) throws IOException {
    if (slru.precedes(latestPage, cutoffPage)) {
      return false;
    }
    removeIf(segment -> isOlder(segment, cutoffPage));
    return true;
  }

  /// True when all of the segment is older than `cutoffPage`.
  public boolean isOlder(SlruSegment segment, long cutoffPage) {
    return slru.precedes(segment.firstPage(), cutoffPage)
        && slru.precedes(segment.lastPage(), cutoffPage);
  }

  /// Removes one segment, if it is there (SlruDeleteSegment).
  public void removeSegment(SlruSegment segment) throws IOException {
    files.remove(directory.resolve(segment.fileName()));
  }

  /// Removes all segments: commit timestamps that are no longer kept.
  public void removeAll() throws IOException {
    removeIf(_ -> true);
  }

  private void removeIf(Predicate<SlruSegment> goes) throws IOException {
    for (String name : files.list(directory)) {
      SlruSegment segment = SlruSegment.parse(name);
      if (segment != null && goes.test(segment)) {
        files.remove(directory.resolve(name));
      }
    }
  }

  private Path path(long page) {
    return directory.resolve(SlruSegment.ofPage(page).fileName());
  }

  private static long offset(long page) {
    return page % SlruSegment.PAGES * BLOCK_BYTES;
  }

  private static ByteBuffer zeros() {
    return ZEROS.duplicate();
  }
}
