package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.walstream.file.OpenFile;
import org.walstream.wal.TimelineId;

/// Keeps timeline history files. Each is written under another name first, so that it is there
/// whole or not at all.
final class HistoryFiles {

  private final WalDirectory directory;

  HistoryFiles(WalDirectory directory) {
    this.directory = directory;
  }

  void store(TimelineId timeline, byte[] content) throws IOException {
    Optional<byte[]> existing = directory.content().historyFile(timeline);
    if (existing.isPresent()) {
      if (!Arrays.equals(existing.get(), content)) {
        throw new WalDivergedException(
            "timeline history file \"%s\" is here already with other content"
                .formatted(directory.resolve(timeline.historyFileName())));
      }
      return;
    }
    Path path = directory.resolve(timeline.historyFileName());
    Path temporary = directory.resolve(timeline.historyFileName() + ".tmp");
    directory.files().delete(temporary);
    try (OpenFile file = directory.files().create(temporary)) {
      file.write(ByteBuffer.wrap(content), 0);
      directory.force(file);
    }
    directory.files().rename(temporary, path);
    directory.forceNames();
    directory.markForArchiver(timeline.historyFileName());
  }
}
