package org.walstream.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Another file under one's own, as a [ForwardingFileLayer] opens them: hands every call on, so
/// that a subclass says only what it does otherwise.
public abstract class ForwardingFile implements OpenFile {

  /// Where calls are handed on to.
  protected final OpenFile file;

  protected ForwardingFile(OpenFile file) {
    this.file = file;
  }

  @Override
  public void write(ByteBuffer bytes, long offset) throws IOException {
    file.write(bytes, offset);
  }

  @Override
  public int read(ByteBuffer bytes, long offset) throws IOException {
    return file.read(bytes, offset);
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public void truncate(long size) throws IOException {
    file.truncate(size);
  }

  @Override
  public void force() throws IOException {
    file.force();
  }

  @Override
  public void willNeed(long offset, long bytes) {
    file.willNeed(offset, bytes);
  }

  @Override
  public void startWriting(long offset, long bytes) {
    file.startWriting(offset, bytes);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
