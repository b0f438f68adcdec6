package org.walstream.testkit.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.file.ForwardingFile;
import org.walstream.file.ForwardingFileLayer;
import org.walstream.file.OpenFile;

/// The file system of a computer that loses its power: what has been written and not forced is then
/// there or not, piece by piece and in whatever order; so are changes of size, and names that came,
/// went or changed in a directory that has not been forced.
///
/// ```java
/// var files = new PowerCutFiles(scratch.resolve("aside"));
/// files.cutAt(random.nextLong(operations));
/// assertThatThrownBy(() -> write(files)).isInstanceOf(PowerLossException.class);
/// files.loseUnforced(random, Torn.SECTORS, _ -> false);
/// // and with power again: the directories are what is left of them
/// ```
///
/// What the files hold meanwhile is what the kernel has in its memory: no file is copied but for
/// the blocks that change. Nothing is really forced, so tests are fast. A file from before this
/// layer's time counts as forced.
///
/// Any thread; [#loseUnforced] when nobody else uses it any more.
public final class PowerCutFiles extends ForwardingFileLayer {

  private final Path aside;
  private final AtomicLong operations = new AtomicLong();
  private volatile long last = Long.MAX_VALUE;

  // All below is guarded by this.
  private final Map<Path, UnforcedNode> nodes = new HashMap<>();
  private int asideCount;

  /// @param aside a directory of this layer's own in the same file system: what has no name any
  ///   more and may have it again
  public PowerCutFiles(Path aside) throws IOException {
    this(FileLayer.system(), aside);
  }

  /// @param real what does the work
  public PowerCutFiles(FileLayer real, Path aside) throws IOException {
    super(real);
    this.aside = Files.createDirectories(aside);
  }

  /// How many operations there have been that change something or make it durable.
  public long operations() {
    return operations.get();
  }

  /// Whether the power has gone.
  public boolean isCut() {
    return operations.get() >= last;
  }

  /// The power goes in the midst of operation `number`, counted from 1 and from now on.
  public void cutAt(long number) {
    operations.set(0);
    last = number;
  }

  /// Makes of all files and directories what a loss of power has left of them.
  ///
  /// @param whole of which files a block of 8192 bytes is there as a whole or not
  public synchronized void loseUnforced(
      RandomGenerator random, RecordedFiles.Torn torn, Predicate<Path> whole) throws IOException {
    var all = new ArrayList<>(nodes.values());
    all.sort(Comparator.comparing(node -> node.place));
    for (UnforcedNode node : all) {
      if (node.file != null && !node.file.isForced(Files.size(node.place))) {
        node.file.lose(node.place, random, whole.test(node.place) ? 8192 : torn.bytes());
      }
    }
    for (UnforcedNode node : all) {
      if (!node.names.isForced()) {
        loseNames(node, random);
      }
    }
    deleteTree(aside);
    Files.createDirectories(aside);
    nodes.clear();
    last = Long.MAX_VALUE;
  }

  private void loseNames(UnforcedNode directory, RandomGenerator random) throws IOException {
    var left = directory.names.survivors(arrival(random));
    for (String name : left.keySet()) {
      Path path = directory.place.resolve(name);
      if (Files.exists(path, NOFOLLOW_LINKS)) {
        putAside(path);
      }
    }
    for (var entry : left.entrySet()) {
      if (entry.getValue() != null) {
        move(entry.getValue(), directory.place.resolve(entry.getKey()));
      }
    }
  }

  /// A file system with a journal keeps what came first; others keep anything.
  private static BooleanSupplier arrival(RandomGenerator random) {
    if (random.nextBoolean()) {
      return random::nextBoolean;
    }
    var left = new AtomicLong(random.nextInt(64));
    return () -> left.getAndDecrement() > 0;
  }

  // ── names ──

  @Override
  public synchronized OpenFile create(Path name) throws IOException {
    Path path = place(name);
    boolean isLast = step();
    OpenFile file = super.create(path);
    UnforcedNode node = add(path, new UnforcedFile(0));
    end(isLast);
    return new File(node, file);
  }

  @Override
  public synchronized OpenFile open(Path name) throws IOException {
    requirePower();
    Path path = place(name);
    return new File(node(path), super.open(path));
  }

  @Override
  public OpenFile openForReading(Path path) throws IOException {
    requirePower();
    return super.openForReading(path);
  }

  @Override
  public void reserve(Path path, long bytes) throws IOException {
    boolean isLast = step();
    node(place(path));
    super.reserve(path, bytes);
    end(isLast);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    Path source = place(from);
    Path target = place(to);
    if (!parent(source).equals(parent(target))) {
      throw new UnsupportedOperationException("from one directory to another");
    }
    boolean isLast = step();
    UnforcedNode node = node(source);
    UnforcedNode displaced = null;
    if (Files.exists(target, NOFOLLOW_LINKS)) {
      displaced = putAside(target);
    }
    move(node, target);
    directory(target)
        .names
        .rename(source.getFileName().toString(), target.getFileName().toString(), node, displaced);
    end(isLast);
  }

  @Override
  public synchronized void delete(Path name) throws IOException {
    if (!Files.exists(parent(name.toAbsolutePath()))) {
      requirePower();
      return; // as there is no such file, either
    }
    Path path = place(name);
    boolean isLast = step();
    if (Files.exists(path, NOFOLLOW_LINKS)) {
      if (Files.isDirectory(path, NOFOLLOW_LINKS) && !super.list(path).isEmpty()) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      directory(path).names.change(path.getFileName().toString(), putAside(path), null);
    }
    end(isLast);
  }

  @Override
  public synchronized void createDirectory(Path directory) throws IOException {
    boolean isLast = step();
    var made = new ArrayList<Path>();
    for (Path path = directory; !Files.exists(path); path = parent(path)) {
      made.addFirst(path);
    }
    super.createDirectory(directory);
    for (Path path : made) {
      add(place(path), null);
    }
    end(isLast);
  }

  @Override
  public synchronized void createSymbolicLink(Path link, Path target) throws IOException {
    boolean isLast = step();
    super.createSymbolicLink(link, target);
    add(place(link), null);
    end(isLast);
  }

  @Override
  public void restrictDirectory(Path directory) throws IOException {
    requirePower();
    super.restrictDirectory(directory);
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    end(step());
    node(directory.toRealPath()).names.force();
  }

  @Override
  public long size(Path path) throws IOException {
    requirePower();
    return super.size(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    requirePower();
    return super.list(directory);
  }

  private UnforcedNode add(Path path, @Nullable UnforcedFile file) throws IOException {
    var node = new UnforcedNode(path, file);
    nodes.put(path, node);
    directory(path).names.change(path.getFileName().toString(), null, node);
    return node;
  }

  private UnforcedNode directory(Path path) throws IOException {
    return node(parent(path));
  }

  /// What has that name, which is something.
  private synchronized UnforcedNode node(Path path) throws IOException {
    UnforcedNode node = nodes.get(path);
    if (node == null) {
      boolean isFile = Files.isRegularFile(path, NOFOLLOW_LINKS);
      node = new UnforcedNode(path, isFile ? new UnforcedFile(Files.size(path)) : null);
      nodes.put(path, node);
    }
    return node;
  }

  private UnforcedNode putAside(Path path) throws IOException {
    UnforcedNode node = node(path);
    move(node, aside.resolve(Integer.toString(asideCount++)));
    return node;
  }

  /// With all that is in it.
  private void move(UnforcedNode node, Path to) throws IOException {
    Path from = node.place;
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    var moved = new ArrayList<UnforcedNode>();
    if (node.file != null) {
      moved.add(node);
    } else {
      nodes.values().stream().filter(other -> other.place.startsWith(from)).forEach(moved::add);
    }
    for (UnforcedNode other : moved) {
      nodes.remove(other.place);
      other.place = to.resolve(from.relativize(other.place));
    }
    moved.forEach(other -> nodes.put(other.place, other));
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  /// The one path of what may be reached through links.
  private static Path place(Path path) throws IOException {
    return parent(path.toAbsolutePath()).toRealPath().resolve(path.getFileName());
  }

  private void deleteTree(Path path) throws IOException {
    if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
      for (String name : super.list(path)) {
        deleteTree(path.resolve(name));
      }
    }
    Files.delete(path);
  }

  // ── power ──

  /// @return whether it is this operation that the power goes in
  private boolean step() throws PowerLossException {
    requirePower();
    return operations.incrementAndGet() >= last;
  }

  private void requirePower() throws PowerLossException {
    if (isCut()) {
      throw new PowerLossException();
    }
  }

  private static void end(boolean isLast) throws PowerLossException {
    if (isLast) {
      throw new PowerLossException();
    }
  }

  private final class File extends ForwardingFile {

    private final UnforcedFile unforced;

    File(UnforcedNode node, OpenFile file) {
      super(file);
      this.unforced = Objects.requireNonNull(node.file);
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      boolean isLast = step();
      unforced.write(file, bytes, offset);
      end(isLast);
    }

    @Override
    public int read(ByteBuffer bytes, long offset) throws IOException {
      requirePower();
      return super.read(bytes, offset);
    }

    @Override
    public long size() throws IOException {
      requirePower();
      return super.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      boolean isLast = step();
      unforced.truncate(file, size);
      end(isLast);
    }

    @Override
    public void force() throws IOException {
      end(step());
      unforced.force(file);
    }
  }
}
