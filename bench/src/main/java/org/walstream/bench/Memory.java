package org.walstream.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/// The state of the machine's memory before a run. Virtual machines hand freed memory back to their
/// host, and touching it again costs more than a second of CPU per GB: whoever runs first pays, and
/// the figures mean nothing. So every run starts either way on purpose.
enum Memory {
  /// A dummy file as large as the work has just been written and deleted: its pages are at hand.
  WARM {
    @Override
    void prepare(Path directory, long bytes) throws IOException {
      var dummy = directory.resolve("dummy");
      var buffer = ByteBuffer.allocateDirect(1 << 20);
      try (var file =
          FileChannel.open(dummy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (long written = 0; written < bytes; written += buffer.capacity()) {
          file.write(buffer.clear());
        }
      }
      Files.delete(dummy);
    }
  },

  /// What the last run used has been deleted, and the machine has been idle for a while.
  COLD {
    @Override
    void prepare(Path directory, long bytes) throws InterruptedException {
      Thread.sleep(Duration.ofSeconds(6));
    }
  };

  abstract void prepare(Path directory, long bytes) throws IOException, InterruptedException;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
