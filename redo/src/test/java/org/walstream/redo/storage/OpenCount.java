package org.walstream.redo.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;

/// The file system, and how many files are open in it.
final class OpenCount implements FileLayer {

  private final FileLayer real = FileLayer.system();
  private int now;

  int now() {
    return now;
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    return new Counted(real.create(path));
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    return new Counted(real.open(path));
  }

  @Override
  public OpenFile openForReading(Path path) throws IOException {
    return new Counted(real.openForReading(path));
  }

  @Override
  public void reserve(Path path, long bytes) throws IOException {
    real.reserve(path, bytes);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    real.rename(source, target);
  }

  @Override
  public void delete(Path path) throws IOException {
    real.delete(path);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    real.createDirectory(directory);
  }

  @Override
  public void createSymbolicLink(Path link, Path target) throws IOException {
    real.createSymbolicLink(link, target);
  }

  @Override
  public void restrictDirectory(Path directory) throws IOException {
    real.restrictDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    real.forceDirectory(directory);
  }

  @Override
  public boolean exists(Path path) {
    return real.exists(path);
  }

  @Override
  public long size(Path path) throws IOException {
    return real.size(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return real.list(directory);
  }

  private final class Counted implements OpenFile {

    private final OpenFile file;

    Counted(OpenFile file) {
      this.file = file;
      now++;
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
    public void close() throws IOException {
      now--;
      file.close();
    }
  }
}
