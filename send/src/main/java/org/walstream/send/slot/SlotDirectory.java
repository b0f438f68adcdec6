package org.walstream.send.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;

/// The files of the slots.
///
/// ```
/// slots/NAME/state        what there is
/// slots/NAME/state.tmp    a state being written
/// slots/NAME.tmp/         a slot being made or dropped: as good as not there
/// ```
///
/// Whatever moment a crash picks, a slot is there with an old or a new state, or it is not there.
/// Counterpart of SaveSlotToPath() and RestoreSlotFromDisk(), slot.c. One thread at a time.
final class SlotDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(SlotDirectory.class);

  private static final String STATE = "state";
  private static final String TEMPORARY = ".tmp";

  private final Path directory;
  private final FileLayer files;
  private final SlotFormat format;

  SlotDirectory(Path directory, FileLayer files, SlotFormat format) {
    this.directory = directory;
    this.files = files;
    this.format = format;
  }

  /// Reads all slots, and clears away what a crash has left.
  ///
  /// @throws IOException naming the file, if one cannot be read or is damaged
  Map<String, SlotState> load() throws IOException {
    files.createDirectory(directory);
    var slots = new TreeMap<String, SlotState>();
    for (String name : files.list(directory)) {
      if (name.endsWith(TEMPORARY)) {
        LOG.info("removing what is left of replication slot \"{}\"", name);
        delete(directory.resolve(name));
      } else if (SlotName.isValid(name)) {
        slots.put(name, read(stateFile(name)));
      } else {
        throw new IOException(
            "unexpected file \"%s\" among the replication slots"
                .formatted(directory.resolve(name)));
      }
    }
    return slots;
  }

  /// Reads what can be read, and changes nothing: a node may be using the directory.
  Map<String, SlotState> look() throws IOException {
    var slots = new TreeMap<String, SlotState>();
    if (files.exists(directory)) {
      for (String name : files.list(directory)) {
        if (SlotName.isValid(name)) {
          slots.put(name, read(directory.resolve(name).resolve(STATE)));
        }
      }
    }
    return slots;
  }

  void create(String name, SlotState state) throws IOException {
    Path temporary = directory.resolve(name + TEMPORARY);
    delete(temporary);
    files.createDirectory(temporary);
    write(temporary.resolve(STATE), format.encode(name, state, null));
    files.forceDirectory(temporary);
    files.rename(temporary, directory.resolve(name));
    files.forceDirectory(directory);
  }

  void save(String name, SlotState state) throws IOException {
    Path file = stateFile(name);
    files.replace(file, format.encode(name, state, format.hasMore() ? content(file) : null));
  }

  void drop(String name) throws IOException {
    Path temporary = directory.resolve(name + TEMPORARY);
    files.rename(directory.resolve(name), temporary);
    files.forceDirectory(directory);
    delete(temporary);
  }

  private Path stateFile(String name) {
    return directory.resolve(name).resolve(STATE);
  }

  private void write(Path file, ByteBuffer content) throws IOException {
    try (OpenFile out = files.create(file)) {
      out.write(content, 0);
      out.force();
    }
  }

  private SlotState read(Path file) throws IOException {
    try {
      return format.decode(content(file));
    } catch (IOException e) {
      throw new IOException(
          "could not read replication slot file \"%s\": %s".formatted(file, e.getMessage()), e);
    }
  }

  private ByteBuffer content(Path file) throws IOException {
    var bytes = ByteBuffer.allocate(format.length() + 1);
    try (OpenFile in = files.openForReading(file)) {
      while (bytes.hasRemaining() && in.read(bytes, bytes.position()) >= 0) {
        // until the end
      }
    }
    return bytes.flip();
  }

  private void delete(Path slot) throws IOException {
    if (files.exists(slot)) {
      for (String name : files.list(slot)) {
        files.delete(slot.resolve(name));
      }
      files.delete(slot);
    }
  }
}
