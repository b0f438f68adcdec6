package org.walstream.node.simulation;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.file.NoSpaceException;
import org.walstream.file.OpenFile;

/// A node's disk in memory. It outlives the node's processes; when the power goes, what was not
/// forced is there or not, piece by piece, and of the names that were not forced some of the first.
/// It may be slow, and full.
final class SimulatedDisk implements FileLayer {

  /// So many names of a directory may wait for being forced; what is older has come to the disk.
  private static final int WAITING_NAMES_MAX = 50;

  private final RandomGenerator random;
  private final Map<Path, SimulatedContent> names = new TreeMap<>();
  private final TreeSet<Path> directories = new TreeSet<>();

  /// The names as they are on the disk, and what each change since then has made of all of them.
  private Map<Path, SimulatedContent> forcedNames = new HashMap<>();

  private final Map<Path, List<NameChange>> unforcedNames = new HashMap<>();

  /// One of its own, however like another.
  private static final class NameChange {

    private final Path name;

    /// What has that name now; null when the name has been taken away.
    private final @Nullable SimulatedContent node;

    NameChange(Path name, @Nullable SimulatedContent node) {
      this.name = name;
      this.node = node;
    }
  }

  private SimulatedProcess user;
  private boolean full;
  private long slowNanos;

  SimulatedDisk(RandomGenerator random, SimulatedProcess user) {
    this.random = random;
    this.user = user;
  }

  /// A new process works with it.
  void usedBy(SimulatedProcess process) {
    user = process;
  }

  /// Whether there is no room for more.
  void full(boolean on) {
    full = on;
  }

  /// How long a force takes at most, beside the usual.
  void slow(long nanos) {
    slowNanos = nanos;
  }

  /// Nobody will ask for anything again.
  void clear() {
    names.clear();
    forcedNames.clear();
    unforcedNames.clear();
  }

  void losePower() {
    for (List<NameChange> changes : unforcedNames.values()) {
      int survive = random.nextInt(changes.size() + 1);
      for (NameChange change : changes.subList(0, survive)) {
        apply(forcedNames, change);
      }
    }
    unforcedNames.clear();
    names.clear();
    names.putAll(forcedNames);
    for (SimulatedContent node : names.values()) {
      node.losePower(random);
    }
  }

  private static void apply(Map<Path, SimulatedContent> to, NameChange change) {
    if (change.node == null) {
      to.remove(change.name);
    } else {
      to.values().removeIf(node -> node == change.node);
      to.put(change.name, change.node);
    }
  }

  private void change(Path name, @Nullable SimulatedContent node) {
    var change = new NameChange(name, node);
    apply(names, change);
    List<NameChange> waiting = unforcedNames.computeIfAbsent(parent(name), _ -> new ArrayList<>());
    waiting.add(change);
    if (waiting.size() > WAITING_NAMES_MAX) {
      apply(forcedNames, waiting.removeFirst());
    }
  }

  private static Path parent(Path name) {
    Path parent = name.getParent();
    return parent == null ? name : parent;
  }

  /// Others may have their turn while the kernel works.
  private void work() {
    if (random.nextInt(4) == 0) {
      user.letOthersRun();
    }
  }

  private void workAtTheDisk() {
    user.sleep(
        random.nextLong(20_000, 500_000) + (slowNanos == 0 ? 0 : random.nextLong(slowNanos)));
  }

  private SimulatedContent require(Path path) throws IOException {
    SimulatedContent node = names.get(path);
    if (node == null) {
      if (directories.contains(path)) {
        throw new FileNotFoundException(path + ": Is a directory");
      }
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    work();
    if (full) {
      throw new NoSpaceException("No space left on device");
    }
    if (names.containsKey(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    var node = new SimulatedContent();
    change(path, node);
    return new SimulatedFile(node);
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    return new SimulatedFile(require(path));
  }

  @Override
  public OpenFile openForReading(Path path) throws IOException {
    return new SimulatedFile(require(path));
  }

  @Override
  public void reserve(Path path, long bytes) throws IOException {
    work();
    if (full) {
      throw new NoSpaceException("No space left on device");
    }
    SimulatedContent node = require(path);
    node.resize(Math.toIntExact(Math.max(bytes, node.size())));
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    work();
    if (directories.remove(source)) {
      directories.add(target);
      for (Path name : List.copyOf(names.keySet())) {
        if (name.startsWith(source)) {
          SimulatedContent node = require(name);
          Path moved = target.resolve(source.relativize(name));
          apply(names, new NameChange(moved, node));
          apply(forcedNames, new NameChange(moved, node));
        }
      }
      return;
    }
    SimulatedContent node = require(source);
    change(target, node);
  }

  @Override
  public void delete(Path path) throws IOException {
    work();
    if (!directories.remove(path) && names.containsKey(path)) {
      change(path, null);
    }
  }

  @Override
  public void createDirectory(Path directory) {
    for (Path each = directory; each != null; each = each.getParent()) {
      directories.add(each);
    }
  }

  @Override
  public void createSymbolicLink(Path link, Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void restrictDirectory(Path directory) {
    // nobody else is here
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    List<NameChange> changes = unforcedNames.getOrDefault(directory, List.of());
    List<NameChange> covered = List.copyOf(changes);
    workAtTheDisk();
    for (NameChange change : covered) {
      if (changes.remove(change)) { // else somebody has forced it meanwhile
        apply(forcedNames, change);
      }
    }
  }

  @Override
  public boolean exists(Path path) {
    return names.containsKey(path) || directories.contains(path);
  }

  @Override
  public boolean isDirectory(Path path) {
    return directories.contains(path);
  }

  /// A process that is dead has nothing any more.
  @Override
  public Closeable lockDirectory(Path directory, String fileName, String contents) {
    return () -> {};
  }

  @Override
  public long size(Path path) throws IOException {
    return require(path).size();
  }

  @Override
  public List<String> list(Path directory) {
    var found = new TreeSet<String>();
    for (Path path : names.keySet()) {
      if (directory.equals(path.getParent())) {
        found.add(path.getFileName().toString());
      }
    }
    for (Path path : directories) {
      if (directory.equals(path.getParent())) {
        found.add(path.getFileName().toString());
      }
    }
    return List.copyOf(found);
  }

  private final class SimulatedFile implements OpenFile {

    private final SimulatedContent node;

    SimulatedFile(SimulatedContent node) {
      this.node = node;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) {
      work();
      node.write(bytes, Math.toIntExact(offset));
    }

    @Override
    public int read(ByteBuffer bytes, long offset) {
      int length = (int) Math.min(bytes.remaining(), node.size() - offset);
      if (length <= 0) {
        return bytes.hasRemaining() ? -1 : 0;
      }
      node.read(bytes, (int) offset, length);
      return length;
    }

    @Override
    public long size() {
      return node.size();
    }

    @Override
    public void truncate(long size) {
      node.resize(Math.toIntExact(Math.min(size, node.size())));
    }

    @Override
    public void force() {
      node.force(SimulatedDisk.this::workAtTheDisk);
    }

    @Override
    public void close() {
      // nothing is kept open
    }
  }
}
