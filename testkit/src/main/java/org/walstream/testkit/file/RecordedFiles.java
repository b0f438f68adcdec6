package org.walstream.testkit.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.file.ForwardingFile;
import org.walstream.file.ForwardingFileLayer;
import org.walstream.file.OpenFile;

/// A file system that writes down what is done to it, fails where it is told to, and remembers what
/// of it would survive a loss of power: of each file what it held when it was last forced, and of
/// the names those that were there when their directory was.
///
/// Every operation that changes something, and every opening for writing, is first shown to a
/// [Step], which may make it fail. Nothing is really forced, so tests are fast.
///
/// Any thread.
public final class RecordedFiles extends ForwardingFileLayer {

  /// What a disk writes at once: of a write that was under way, such pieces are there or not.
  public enum Torn {
    /// The smallest piece a disk promises.
    SECTORS(512),
    /// What the kernel writes back: a page of its cache.
    PAGES(4096);

    private final int bytes;

    Torn(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  /// Called before each operation, which is told as `force 000000010000000000000003.partial`.
  @FunctionalInterface
  public interface Step {
    void before(String operation) throws IOException;
  }

  private static final class Inode {
    byte[] forced = new byte[0];
  }

  private final Step step;
  private final Map<Path, Inode> names = new HashMap<>();
  private final Map<Path, Inode> forcedNames = new HashMap<>();
  private final List<String> operations = new ArrayList<>();

  public RecordedFiles(Step step) {
    this(FileLayer.system(), step);
  }

  /// @param real what does the work
  public RecordedFiles(FileLayer real, Step step) {
    super(real);
    this.step = step;
  }

  /// A layer that fails at nothing.
  public static RecordedFiles recording() {
    return new RecordedFiles(operation -> {});
  }

  /// A layer whose operation number `number`, counted from 1, and all after it fail.
  public static RecordedFiles failingFrom(int number) {
    var layer = new RecordedFiles[1];
    layer[0] =
        new RecordedFiles(operation -> {
          if (layer[0].operations().size() >= number) {
            throw new IOException("no power to " + operation);
          }
        });
    return layer[0];
  }

  /// What has been done, or tried, so far.
  public synchronized List<String> operations() {
    return List.copyOf(operations);
  }

  /// Forgets what has been done so far, for [#operations]; what would survive it does not forget.
  public synchronized void clearOperations() {
    operations.clear();
  }

  /// Writes what has survived into `target`. Of what was written and not forced, in whatever order,
  /// pieces may have survived or not: `random` decides, or, when it is null, none has.
  public synchronized void afterPowerLoss(
      Path root, Path target, @Nullable RandomGenerator random, Torn torn) throws IOException {
    Map<Inode, Path> present = new HashMap<>();
    names.forEach((path, inode) -> present.put(inode, path));
    for (var entry : forcedNames.entrySet()) {
      byte[] content = entry.getValue().forced.clone();
      Path now = present.get(entry.getValue());
      if (random != null && now != null && Files.exists(now)) {
        content = mixed(content, Files.readAllBytes(now), random, torn.bytes);
      }
      Path place = target.resolve(root.relativize(entry.getKey()));
      Files.createDirectories(place.getParent());
      Files.write(place, content);
    }
  }

  private static byte[] mixed(byte[] forced, byte[] unforced, RandomGenerator random, int piece) {
    byte[] content = Arrays.copyOf(forced, unforced.length);
    for (int at = 0; at < content.length; at += piece) {
      if (random.nextBoolean()) {
        System.arraycopy(unforced, at, content, at, Math.min(piece, content.length - at));
      }
    }
    return content;
  }

  /// What would be found under this name after a loss of power.
  public synchronized Optional<byte[]> surviving(String fileName) {
    for (var entry : forcedNames.entrySet()) {
      if (entry.getKey().getFileName().toString().equals(fileName)) {
        return Optional.of(entry.getValue().forced);
      }
    }
    return Optional.empty();
  }

  private void before(String operation, Path path) throws IOException {
    String told = operation + " " + path.getFileName();
    synchronized (this) {
      operations.add(told);
    }
    step.before(told);
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    before("create", path);
    synchronized (this) {
      OpenFile file = super.create(path);
      names.put(path, new Inode());
      return new RecordedFile(path, names.get(path), file);
    }
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    before("open", path);
    return new RecordedFile(path, inode(path), super.open(path));
  }

  @Override
  public void reserve(Path path, long bytes) throws IOException {
    before("reserve", path);
    super.reserve(path, bytes);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    before("rename " + source.getFileName() + " to", target);
    synchronized (this) {
      if (Files.isDirectory(source)) {
        super.rename(source, target);
        moveContent(names, source, target);
        moveContent(forcedNames, source, target);
        return;
      }
      Inode inode = inode(source);
      super.rename(source, target);
      names.remove(source);
      names.put(target, inode);
    }
  }

  /// The files of a directory go with it. That its new name may not survive a loss of power is not
  /// told here: the names of files are what is remembered.
  private static void moveContent(Map<Path, Inode> names, Path source, Path target) {
    Map<Path, Inode> moved = new HashMap<>();
    names.forEach((path, inode) -> {
      if (path.startsWith(source)) {
        moved.put(target.resolve(source.relativize(path)), inode);
      }
    });
    names.keySet().removeIf(path -> path.startsWith(source));
    names.putAll(moved);
  }

  @Override
  public void delete(Path path) throws IOException {
    before("delete", path);
    synchronized (this) {
      super.delete(path);
      names.remove(path);
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    before("create directory", directory);
    super.createDirectory(directory);
  }

  @Override
  public void createSymbolicLink(Path link, Path target) throws IOException {
    before("create symbolic link", link);
    super.createSymbolicLink(link, target);
  }

  @Override
  public void restrictDirectory(Path directory) throws IOException {
    before("restrict directory", directory);
    super.restrictDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    before("force directory", directory);
    forceNames(directory);
  }

  private synchronized void forceNames(Path directory) {
    forcedNames.keySet().removeIf(path -> directory.equals(path.getParent()));
    names.forEach((path, inode) -> {
      if (directory.equals(path.getParent())) {
        forcedNames.put(path, inode);
      }
    });
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

  private final class RecordedFile extends ForwardingFile {

    private final Path path;
    private final Inode inode;

    RecordedFile(Path path, Inode inode, OpenFile real) {
      super(real);
      this.path = path;
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      before("write", path);
      super.write(bytes, offset);
    }

    @Override
    public void truncate(long size) throws IOException {
      before("truncate", path);
      super.truncate(size);
    }

    @Override
    public void force() throws IOException {
      ByteBuffer content = ByteBuffer.allocate((int) size());
      while (content.hasRemaining() && read(content, content.position()) > 0) {
        // until all of it is there
      }
      before("force", path);
      synchronized (RecordedFiles.this) {
        inode.forced = content.array();
      }
    }
  }
}
