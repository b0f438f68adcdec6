package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.walstream.file.OpenFile;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;

/// The timeline history files of a WAL directory. Each is written under another name first, so that
/// it is there whole or not at all.
final class HistoryFiles {

  private final WalDirectory directory;

  HistoryFiles(WalDirectory directory) {
    this.directory = directory;
  }

  Optional<TimelineHistory> parsed(TimelineId timeline) throws IOException {
    if (timeline.equals(TimelineId.FIRST)) {
      return Optional.of(TimelineHistory.ofFirst(timeline));
    }
    Optional<byte[]> content = read(timeline);
    return content.isEmpty()
        ? Optional.empty()
        : Optional.of(TimelineHistory.parse(timeline, content.get()));
  }

  Optional<byte[]> read(TimelineId timeline) throws IOException {
    Path path = directory.resolve(timeline.historyFileName());
    try (OpenFile file = directory.files().openForReading(path)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
      while (content.hasRemaining() && file.read(content, content.position()) > 0) {
        // until all of it is there
      }
      return Optional.of(Arrays.copyOf(content.array(), content.position()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  void store(TimelineId timeline, byte[] content) throws IOException {
    Optional<byte[]> existing = read(timeline);
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
