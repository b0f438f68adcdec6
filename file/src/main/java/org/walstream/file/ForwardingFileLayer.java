package org.walstream.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Another layer under one's own: hands every call on, so that a subclass says only what it does
/// otherwise.
///
/// [#replace] is not handed on but done in its steps, so that each of them is the subclass's.
public abstract class ForwardingFileLayer implements FileLayer {

  private final FileLayer files;

  protected ForwardingFileLayer(FileLayer files) {
    this.files = files;
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    return files.create(path);
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    return files.open(path);
  }

  @Override
  public OpenFile openForReading(Path path) throws IOException {
    return files.openForReading(path);
  }

  @Override
  public void reserve(Path path, long bytes) throws IOException {
    files.reserve(path, bytes);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    files.rename(source, target);
  }

  @Override
  public void delete(Path path) throws IOException {
    files.delete(path);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    files.createDirectory(directory);
  }

  @Override
  public void createSymbolicLink(Path link, Path target) throws IOException {
    files.createSymbolicLink(link, target);
  }

  @Override
  public void restrictDirectory(Path directory) throws IOException {
    files.restrictDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    files.forceDirectory(directory);
  }

  @Override
  public boolean exists(Path path) {
    return files.exists(path);
  }

  @Override
  public boolean isDirectory(Path path) {
    return files.isDirectory(path);
  }

  @Override
  public Closeable lockDirectory(Path directory, String fileName, String contents)
      throws IOException {
    return files.lockDirectory(directory, fileName, contents);
  }

  @Override
  public long size(Path path) throws IOException {
    return files.size(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return files.list(directory);
  }
}
