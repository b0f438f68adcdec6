package org.walstream.node;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileLayer;
import org.walstream.file.NoSpaceException;
import org.walstream.file.OpenFile;

/// A little space kept aside for what is not WAL: on a full disk a slot's position could not be
/// saved, so its WAL could not be removed, and the disk would stay full.
///
/// A file without content, smaller than any segment: while it is given away, WAL does not fit into
/// its place. One thread at a time.
final class SpaceReserve {

  private static final Logger LOG = LoggerFactory.getLogger(SpaceReserve.class);
  private static final long BYTES = 256 << 10;

  private final FileLayer files;
  private final Path file;

  /// @param file in the file system of what shall have the space
  SpaceReserve(FileLayer files, Path file) {
    this.files = files;
    this.file = file;
  }

  /// Something that writes a little.
  interface Work {
    void run() throws IOException;
  }

  /// Does `work`, once more with the space that was kept aside if the disk is full.
  void during(Work work) throws IOException {
    try {
      work.run();
    } catch (IOException e) {
      if (!NoSpaceException.isMeantBy(e)) {
        throw e;
      }
      LOG.warn("the disk is full: using the space that is kept for this");
      giveAway();
      work.run();
    } finally {
      take();
    }
  }

  /// The space is anybody's.
  void giveAway() throws IOException {
    files.delete(file);
  }

  /// Keeps it aside again, if there is any.
  void take() {
    if (files.exists(file)) {
      return;
    }
    try (OpenFile _ = files.create(file)) {
      files.reserve(file, BYTES);
    } catch (IOException e) {
      LOG.debug("no space to be kept aside: {}", e.getMessage());
      try {
        giveAway();
      } catch (IOException stays) {
        LOG.debug("could not remove \"{}\"", file, stays);
      }
    }
  }
}
