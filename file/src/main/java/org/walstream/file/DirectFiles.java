package org.walstream.file;

import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Another layer, but whole blocks of what is written go to the disk past the kernel's cache
/// (O_DIRECT): they cost no memory that others would have had, and whoever reads them later reads
/// them from the disk.
///
/// ```
///   written:   |··#|####|####|##··|      # of this write, | a block's border
///   cache:     |··#|                ragged ends: a page that more will be written to
///                      direct       whole blocks in between
///                            |##··|
/// ```
///
/// Ragged ends go through the cache and not, filled up, straight to the disk: a block that holds
/// acknowledged bytes is not written again from memory of ours, those who follow the end read it
/// from the cache, and a commit's few bytes cost what they did. No block is written both ways but
/// one that was filled with zeros before, and the kernel keeps cache and disk the same as long as
/// one writer at a time writes each block, which is the store's rule anyway.
///
/// To force a file covers both ways: what was written directly is on the disk, but perhaps only in
/// its own cache.
final class DirectFiles extends ForwardingFileLayer {

  private static final String PROBE = ".direct_io";

  private final int blockBytes;

  private DirectFiles(FileLayer files, int blockBytes) {
    super(files);
    this.blockBytes = blockBytes;
  }

  /// @throws IOException if the file system of `directory` has no direct I/O
  static DirectFiles over(FileLayer files, Path directory) throws IOException {
    Path probe = directory.resolve(PROBE);
    files.delete(probe);
    try {
      files.create(probe).close();
      int blockBytes = Math.toIntExact(Files.getFileStore(directory).getBlockSize());
      try (FileChannel channel = openDirect(probe)) {
        channel.write(ByteBuffer.allocateDirect(2 * blockBytes).alignedSlice(blockBytes), 0);
      }
      return new DirectFiles(files, blockBytes);
    } catch (IOException | UnsupportedOperationException e) {
      throw new IOException(
          "the file system of \"%s\" has no direct I/O: %s"
              .formatted(
                  directory,
                  e instanceof IOException io
                      ? FileErrors.text(io)
                      : String.valueOf(e.getMessage())),
          e);
    } finally {
      files.delete(probe);
    }
  }

  private static FileChannel openDirect(Path path) throws IOException {
    return FileChannel.open(path, Set.of(WRITE, ExtendedOpenOption.DIRECT));
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    return direct(super.create(path), path);
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    return direct(super.open(path), path);
  }

  /// Opened at once: by the first write the file may have another name.
  private OpenFile direct(OpenFile file, Path path) throws IOException {
    try {
      return new DirectFile(file, openDirect(path), blockBytes);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }
}
