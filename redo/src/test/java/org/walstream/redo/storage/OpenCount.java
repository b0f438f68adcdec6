package org.walstream.redo.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.file.ForwardingFile;
import org.walstream.file.ForwardingFileLayer;
import org.walstream.file.OpenFile;

/// The file system, and how many files are open in it.
final class OpenCount extends ForwardingFileLayer {

  private int now;

  OpenCount() {
    super(FileLayer.system());
  }

  int now() {
    return now;
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    return new Counted(super.create(path));
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    return new Counted(super.open(path));
  }

  @Override
  public OpenFile openForReading(Path path) throws IOException {
    return new Counted(super.openForReading(path));
  }

  private final class Counted extends ForwardingFile {

    Counted(OpenFile file) {
      super(file);
      now++;
    }

    @Override
    public void close() throws IOException {
      now--;
      super.close();
    }
  }
}
