package org.walstream.file;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/// The file system of the machine, through FileChannel.
///
/// @param groupAccess whether new files and directories may be read by the group, as in a cluster
///   that was made with `initdb --allow-group-access`
/// @param forces whether what is to be forced is: `fsync`
record SystemFileLayer(boolean groupAccess, boolean forces) implements FileLayer {

  /// The one thing FileChannel lacks. Loaded on first use: the first native call costs 40 ms.
  private static final class Native {
    static final Fallocate FALLOCATE = new Fallocate();
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    try {
      return new ChannelFile(
          FileChannel.open(
              path,
              Set.of(CREATE_NEW, READ, WRITE),
              FileModes.of(path, groupAccess ? "rw-r-----" : "rw-------")),
          new FileHints(path),
          forces);
    } catch (IOException e) {
      throw NoSpaceException.told(e);
    }
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    requireRegularFile(path);
    return new ChannelFile(FileChannel.open(path, READ, WRITE), new FileHints(path), forces);
  }

  @Override
  public OpenFile openForReading(Path path) throws IOException {
    requireRegularFile(path);
    return new ChannelFile(FileChannel.open(path, READ), new FileHints(path), forces);
  }

  @Override
  public void reserve(Path path, long bytes) throws IOException {
    if (Native.FALLOCATE.allocate(path, bytes)) {
      return;
    }
    try (OpenFile file = open(path)) {
      Zeros.write(file, file.size(), bytes);
    } catch (IOException e) {
      throw NoSpaceException.told(e);
    }
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    Files.move(source, target, ATOMIC_MOVE);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    Files.createDirectories(directory, FileModes.of(directory, directoryMode()));
  }

  @Override
  public void createSymbolicLink(Path link, Path target) throws IOException {
    Files.createSymbolicLink(link, target);
  }

  @Override
  public void restrictDirectory(Path directory) throws IOException {
    FileModes.set(directory, directoryMode());
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    if (!forces) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public long size(Path path) throws IOException {
    return Files.size(path);
  }

  private String directoryMode() {
    return groupAccess ? "rwxr-x---" : "rwx------";
  }

  private static void requireRegularFile(Path path) throws IOException {
    if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
      throw new FileSystemException(
          path.toString(),
          null,
          Files.isDirectory(path) ? "Is a directory" : "Is not a regular file");
    }
  }

  private record ChannelFile(FileChannel channel, FileHints hints, boolean forces)
      implements OpenFile {

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      long at = offset;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public int read(ByteBuffer bytes, long offset) throws IOException {
      return channel.read(bytes, offset);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void force() throws IOException {
      if (forces) {
        channel.force(false);
      }
    }

    @Override
    public void willNeed(long offset, long bytes) {
      hints.willNeed(offset, bytes);
    }

    @Override
    public void startWriting(long offset, long bytes) {
      hints.startWriting(offset, bytes);
    }

    @Override
    public void close() throws IOException {
      hints.close();
      channel.close();
    }
  }
}
