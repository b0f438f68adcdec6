package org.walstream.redo.storage;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileErrors;
import org.walstream.file.FileLayer;
import org.walstream.file.NoSpaceException;
import org.walstream.wal.Check;

/// The files of a data directory as redo uses them: opened on demand, a bounded number of them kept
/// open, and every change remembered until [#sync] has made it durable.
///
/// What becomes durable when:
///
/// 1. A changed file, and a directory in which a name appeared or went, is only noted. Nothing is
///    forced before [#sync], and after a loss of power any of it may be there or not: redo begins
///    again at the last restart point, so nothing older than it may be in doubt.
/// 2. [#sync] forces the files first, then the directories: when a name is durable, so is what is
///    behind it.
/// 3. A file that goes takes its request with it.
///
/// What an earlier process changed and did not force is not known here: after a crash the whole
/// directory is forced before replay begins, as PostgreSQL does.
///
/// A write or force that has failed ends all writing: the kernel may have dropped what it could not
/// write and would report success the next time. Only a new start, which reads the disk again and
/// replays from the last restart point, puts that right.
///
/// Any number of threads. The caller sees to it that nobody uses a file that is being removed; a
/// removal waits for the one file that [#sync] is forcing.
///
/// Counterpart of the virtual file descriptors of src/backend/storage/file/fd.c and of the pending
/// requests of src/backend/storage/sync/sync.c.
public final class DataFiles implements Closeable {

  /// BLCKSZ: what relations and SLRUs are read and written by.
  public static final int BLOCK_BYTES = 8192;

  private final FileLayer layer;
  private final int openMax;

  /// Held while [#sync] is at work. Taken before `removal`.
  private final Object syncing = new Object();

  /// Held while a name is removed and while one is forced: a file cannot go between the request and
  /// its force. Taken before `this`.
  private final Object removal = new Object();

  // All below is guarded by this.

  /// The files kept open, the longest unused first.
  private final LinkedHashMap<Path, DataFile> open = new LinkedHashMap<>(16, 0.75f, true);

  private final Set<Path> changedFiles = new HashSet<>();
  private final Set<Path> changedDirectories = new HashSet<>();

  /// What the [#sync] that is at work has still before it.
  private final Set<Path> unforced = new HashSet<>();

  private @Nullable IOException failure;

  /// @param openMax how many files are kept open; those in use at the same time may be more
  public DataFiles(FileLayer layer, int openMax) {
    this.layer = layer;
    this.openMax = openMax;
  }

  /// The existing file `path`, for reading and writing until it is closed.
  ///
  /// @throws NoSuchFileException if there is none
  public synchronized DataFile open(Path path) throws IOException {
    DataFile file = open.get(path);
    return file != null ? used(file) : opened(new DataFile(this, path, layer.open(path)));
  }

  /// The file `path`, made empty if there is none; its directory exists.
  public synchronized DataFile openOrCreate(Path path) throws IOException {
    if (open.containsKey(path) || exists(path)) {
      return open(path);
    }
    requireSound();
    try {
      DataFile file = opened(new DataFile(this, path, layer.create(path)));
      changedFiles.add(path);
      changedDirectories.add(parent(path));
      return file;
    } catch (IOException e) {
      throw failed("create", path, e);
    }
  }

  /// Whether there is such a file or directory; not to be allowed to know is no answer.
  public boolean exists(Path path) throws IOException {
    return sizeOrAbsent(path) >= 0;
  }

  /// The size of `path`, or -1 if there is none.
  public long sizeOrAbsent(Path path) throws IOException {
    try {
      return layer.size(path);
    } catch (NoSuchFileException absent) {
      return -1;
    }
  }

  /// Names in `directory`, sorted.
  public List<String> list(Path directory) throws IOException {
    return layer.list(directory);
  }

  /// Makes `directory` and those above it that are missing.
  public void createDirectory(Path directory) throws IOException {
    if (exists(directory)) {
      return;
    }
    requireSound();
    var grown = new ArrayList<Path>();
    for (Path missing = directory; !exists(missing); missing = parent(missing)) {
      grown.add(parent(missing));
    }
    try {
      layer.createDirectory(directory);
    } catch (IOException e) {
      throw failed("create directory", directory, e);
    }
    synchronized (this) {
      changedDirectories.addAll(grown);
    }
  }

  /// Removes the file or empty directory `path`, if there is one, and what was asked for it.
  public void remove(Path path) throws IOException {
    requireSound();
    synchronized (removal) {
      forget(path);
      try {
        layer.delete(path);
      } catch (IOException e) {
        throw failed("remove", path, e);
      }
      synchronized (this) {
        changedFiles.remove(path);
        changedDirectories.remove(path);
        unforced.remove(path);
        changedDirectories.add(parent(path));
      }
    }
  }

  /// Removes the directory and all that is in it, if there is one; symbolic links are not followed.
  public void removeTree(Path directory) throws IOException {
    if (!exists(directory)) {
      return;
    }
    for (String name : list(directory)) {
      Path path = directory.resolve(name);
      if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
        removeTree(path);
      } else {
        remove(path);
      }
    }
    remove(directory);
  }

  /// Puts `content` in the place of the file `path`, or makes it: whatever moment a crash picks, it
  /// is there with its old or its new content. Durable on return.
  public void replace(Path path, ByteBuffer content) throws IOException {
    requireSound();
    synchronized (removal) {
      forget(path);
      try {
        layer.replace(path, content);
      } catch (IOException e) {
        throw failed("replace", path, e);
      }
      synchronized (this) {
        changedFiles.remove(path);
        changedDirectories.remove(parent(path));
        unforced.remove(path);
      }
    }
  }

  /// Makes `link`, which nothing is called yet, lead to the directory `target`.
  public void createSymbolicLink(Path link, Path target) throws IOException {
    requireSound();
    try {
      layer.createSymbolicLink(link, target);
    } catch (IOException e) {
      throw failed("create symbolic link", link, e);
    }
    synchronized (this) {
      changedDirectories.add(parent(link));
    }
  }

  /// Gives the existing `directory` the mode that new ones have.
  ///
  /// @throws NoSuchFileException if there is none
  public void restrictDirectory(Path directory) throws IOException {
    layer.restrictDirectory(directory);
  }

  /// Makes durable whatever has been changed before this was called. Others may go on changing,
  /// making and removing files meanwhile; a second call waits for the first.
  public void sync() throws IOException {
    synchronized (syncing) {
      requireSound();
      List<Path> files;
      List<Path> directories;
      synchronized (this) {
        files = inOrder(changedFiles);
        directories = inOrder(changedDirectories);
        unforced.addAll(files);
        unforced.addAll(directories);
        changedFiles.clear();
        changedDirectories.clear();
      }
      for (Path path : files) {
        unlessRemoved(path, this::force);
      }
      for (Path directory : directories) {
        unlessRemoved(directory, this::forceDirectory);
      }
    }
  }

  private void unlessRemoved(Path path, Force force) throws IOException {
    synchronized (removal) {
      boolean there;
      synchronized (this) {
        there = unforced.remove(path);
      }
      if (there) {
        force.force(path);
      }
    }
  }

  private interface Force {
    void force(Path path) throws IOException;
  }

  /// Makes `path` alone durable, now, but for its name.
  public void force(Path path) throws IOException {
    requireSound();
    synchronized (this) {
      changedFiles.remove(path);
    }
    try (DataFile file = open(path)) {
      file.file().force();
    } catch (IOException e) {
      throw failed("fsync", path, e);
    }
  }

  /// Makes the names in `directory` durable, now.
  public void forceDirectory(Path directory) throws IOException {
    requireSound();
    synchronized (this) {
      changedDirectories.remove(directory);
    }
    try {
      layer.forceDirectory(directory);
    } catch (IOException e) {
      throw failed("fsync", directory, e);
    }
  }

  /// Closes all files, without forcing anything.
  @Override
  public synchronized void close() throws IOException {
    for (Path path : List.copyOf(open.keySet())) {
      forget(path);
    }
  }

  synchronized void requestSync(Path path) {
    changedFiles.add(path);
  }

  void reserve(Path path, long size) throws IOException {
    requireSound();
    try {
      layer.reserve(path, size);
    } catch (IOException e) {
      throw failed("extend", path, e);
    }
    requestSync(path);
  }

  synchronized void release(DataFile file) throws IOException {
    file.leave();
    closeUnused();
  }

  /// @throws IOException once anything has failed
  synchronized void requireSound() throws IOException {
    if (failure != null) {
      throw new IOException("nothing is written any more since: " + failure.getMessage(), failure);
    }
  }

  /// Remembers that `path` could not be written, and says so.
  synchronized IOException failed(String action, Path path, IOException cause) {
    IOException told = could(action, path, cause);
    if (failure == null) {
      failure = told;
    }
    return told;
  }

  static IOException could(String action, Path path, IOException cause) {
    String message = "could not %s \"%s\": %s".formatted(action, path, FileErrors.reason(cause));
    return NoSpaceException.isMeantBy(cause)
        ? new NoSpaceException(message, cause)
        : new IOException(message, cause);
  }

  private DataFile opened(DataFile file) throws IOException {
    open.put(file.path(), file);
    used(file);
    closeUnused();
    return file;
  }

  private static DataFile used(DataFile file) {
    file.use();
    return file;
  }

  private void closeUnused() throws IOException {
    if (open.size() <= openMax) {
      return;
    }
    for (var files = open.values().iterator(); files.hasNext() && open.size() > openMax; ) {
      DataFile oldest = files.next();
      if (!oldest.inUse()) {
        files.remove();
        oldest.file().close();
      }
    }
  }

  private synchronized void forget(Path path) throws IOException {
    DataFile file = open.remove(path);
    if (file != null) {
      Check.state(!file.inUse(), "\"%s\" is to be closed while it is in use", path);
      file.file().close();
    }
  }

  private static List<Path> inOrder(Set<Path> paths) {
    return paths.stream().sorted().toList();
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }
}
