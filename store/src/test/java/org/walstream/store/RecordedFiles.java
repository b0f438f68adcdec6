package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;

/// A file system that remembers what of it would survive a loss of power: of each file what it held
/// when it was last forced, and of the names those that were there when the directory was. It asks
/// a [Step] before every operation, which may make it fail.
///
/// Nothing is really forced, so tests are fast.
final class RecordedFiles implements FileLayer {

  /// Called before each operation, as `force 000000010000000000000003.partial`.
  interface Step {
    void before(String operation) throws IOException;
  }

  private static final class Inode {
    byte[] forced = new byte[0];
  }

  private final FileLayer real = FileLayer.system();
  private final Step step;
  private final Map<Path, Inode> names = new HashMap<>();
  private final Map<Path, Inode> forcedNames = new HashMap<>();
  private final AtomicInteger operations = new AtomicInteger();

  RecordedFiles(Step step) {
    this.step = step;
  }

  /// A layer whose operation number `number`, counted from 1, and all after it fail.
  static RecordedFiles failingFrom(int number) {
    var counter = new AtomicInteger();
    return new RecordedFiles(operation -> {
      if (counter.incrementAndGet() >= number) {
        throw new IOException("no power to " + operation);
      }
    });
  }

  int operations() {
    return operations.get();
  }

  /// Writes what has survived into `target`. Of what was not forced, pages may have survived or
  /// not; `random` decides.
  synchronized void afterPowerLoss(Path root, Path target, @Nullable Random random)
      throws IOException {
    Map<Inode, Path> present = new HashMap<>();
    names.forEach((path, inode) -> present.put(inode, path));
    for (var entry : forcedNames.entrySet()) {
      byte[] content = entry.getValue().forced.clone();
      Path now = present.get(entry.getValue());
      if (random != null && now != null && Files.exists(now)) {
        byte[] unforced = Files.readAllBytes(now);
        content = Arrays.copyOf(content, unforced.length);
        for (int page = 0; page < content.length; page += 4096) {
          if (random.nextBoolean()) {
            System.arraycopy(unforced, page, content, page, Math.min(4096, content.length - page));
          }
        }
      }
      Path place = target.resolve(root.relativize(entry.getKey()));
      Files.createDirectories(place.getParent());
      Files.write(place, content);
    }
  }

  /// How far `wal` would survive, in files by whose names it would be found.
  synchronized long durableLsn(SampleWal wal) {
    long lsn = SampleWal.START;
    while (lsn < wal.endLsn()) {
      var segment = SampleWal.segmentAt(lsn);
      byte[] forced = null;
      for (var entry : forcedNames.entrySet()) {
        String name = entry.getKey().getFileName().toString();
        if (name.equals(segment.fileName()) || name.equals(segment.partialFileName())) {
          forced = entry.getValue().forced;
        }
      }
      if (forced == null) {
        return lsn;
      }
      int same =
          ByteBuffer.wrap(forced).mismatch(ByteBuffer.wrap(wal.segment(segment, wal.endLsn())));
      if (same >= 0) {
        return lsn + same;
      }
      lsn = segment.endLsn();
    }
    return wal.endLsn();
  }

  private void before(String operation, Path path) throws IOException {
    operations.incrementAndGet();
    step.before(operation + " " + path.getFileName());
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    before("create", path);
    synchronized (this) {
      OpenFile file = real.create(path);
      names.put(path, new Inode());
      return new RecordedFile(path, names.get(path), file);
    }
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    before("open", path);
    return new RecordedFile(path, inode(path), real.open(path));
  }

  @Override
  public OpenFile openForReading(Path path) throws IOException {
    return real.openForReading(path);
  }

  @Override
  public void reserve(Path path, long bytes) throws IOException {
    before("reserve", path);
    real.reserve(path, bytes);
  }

  @Override
  public synchronized void rename(Path source, Path target) throws IOException {
    before("rename", source);
    Inode inode = inode(source);
    real.rename(source, target);
    names.remove(source);
    names.put(target, inode);
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    before("delete", path);
    real.delete(path);
    names.remove(path);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    before("create directory", directory);
    real.createDirectory(directory);
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    before("force directory", directory);
    forcedNames.keySet().removeIf(path -> directory.equals(path.getParent()));
    names.forEach((path, inode) -> {
      if (directory.equals(path.getParent())) {
        forcedNames.put(path, inode);
      }
    });
  }

  @Override
  public boolean exists(Path path) {
    return real.exists(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return real.list(directory);
  }

  /// A file from before this layer's time has been forced before it, too.
  private synchronized Inode inode(Path path) throws IOException {
    Inode known = names.get(path);
    if (known == null) {
      known = new Inode();
      known.forced = Files.readAllBytes(path);
      names.put(path, known);
    }
    return known;
  }

  private final class RecordedFile implements OpenFile {

    private final Path path;
    private final Inode inode;
    private final OpenFile real;

    RecordedFile(Path path, Inode inode, OpenFile real) {
      this.path = path;
      this.inode = inode;
      this.real = real;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      before("write", path);
      real.write(bytes, offset);
    }

    @Override
    public int read(ByteBuffer bytes, long offset) throws IOException {
      return real.read(bytes, offset);
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      before("truncate", path);
      real.truncate(size);
    }

    @Override
    public void force() throws IOException {
      ByteBuffer content = ByteBuffer.allocate((int) real.size());
      while (content.hasRemaining() && real.read(content, content.position()) > 0) {
        // until all of it is there
      }
      before("force", path);
      synchronized (RecordedFiles.this) {
        inode.forced = content.array();
      }
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
