package org.walstream.redo.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.walstream.file.OpenFile;

/// A file of the data directory in use: open until it is closed, after which [DataFiles] may keep
/// it open or not. What is changed through it is forced by the next [DataFiles#sync].
///
/// Any number of threads at once.
public final class DataFile implements AutoCloseable {

  private final DataFiles files;
  private final Path path;
  private final OpenFile file;

  /// How many use it now; guarded by `files`.
  private int users;

  DataFile(DataFiles files, Path path, OpenFile file) {
    this.files = files;
    this.path = path;
    this.file = file;
  }

  /// Reads from `offset` on until `into` is full or the file ends.
  ///
  /// @return how many bytes were read
  public int read(ByteBuffer into, long offset) throws IOException {
    int before = into.position();
    try {
      while (into.hasRemaining()) {
        if (file.read(into, offset + into.position() - before) < 0) {
          break;
        }
      }
    } catch (IOException e) {
      throw DataFiles.could("read", path, e);
    }
    return into.position() - before;
  }

  /// Writes all of `bytes` from `offset` on. Between the old end and `offset` there are zeros.
  public void write(ByteBuffer bytes, long offset) throws IOException {
    files.requireSound();
    try {
      file.write(bytes, offset);
    } catch (IOException e) {
      throw files.failed("write", path, e);
    }
    files.requestSync(path);
  }

  /// A hint: see [OpenFile#willNeed].
  public void willNeed(long offset, long bytes) {
    file.willNeed(offset, bytes);
  }

  /// A hint: see [OpenFile#startWriting].
  public void startWriting(long offset, long bytes) {
    file.startWriting(offset, bytes);
  }

  public long size() throws IOException {
    return file.size();
  }

  public void truncate(long size) throws IOException {
    files.requireSound();
    try {
      file.truncate(size);
    } catch (IOException e) {
      throw files.failed("truncate", path, e);
    }
    files.requestSync(path);
  }

  /// Gives the file storage up to `size` where it is shorter, without touching what is there.
  public void reserve(long size) throws IOException {
    files.reserve(path, size);
  }

  /// Ends this use.
  @Override
  public void close() throws IOException {
    files.release(this);
  }

  Path path() {
    return path;
  }

  OpenFile file() {
    return file;
  }

  void use() {
    users++;
  }

  void leave() {
    users--;
  }

  boolean inUse() {
    return users > 0;
  }
}
