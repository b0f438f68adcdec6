package org.walstream.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// Unpacks a tar stream: files, directories, symbolic and hard links, GNU long names. Enough for
/// the archives of PostgreSQL's binaries, and no more.
///
/// ```
/// header block, 512 bytes
/// offset  bytes  field
///      0    100  name
///    100      8  mode, octal
///    124     12  size, octal
///    156      1  type: '0' or NUL file, '1' hard link, '2' symbolic link, '5' directory,
///                'L' long name of the next entry
///    157    100  link's target
///    345    155  prefix of the name (ustar)
/// ```
final class TarReader {

  private static final int BLOCK = 512;

  private final InputStream in;
  private final byte[] header = new byte[BLOCK];

  private TarReader(InputStream in) {
    this.in = in;
  }

  static void unpack(InputStream in, Path directory) throws IOException {
    new TarReader(in).unpackInto(directory);
  }

  private void unpackInto(Path directory) throws IOException {
    String longName = "";
    while (nextHeader()) {
      var size = octal(124, 12);
      var name = longName.isEmpty() ? name() : longName;
      longName = "";
      switch (header[156]) {
        case 'L' -> longName = text(in.readNBytes((int) size), 0, (int) size);
        case '5' -> Files.createDirectories(inside(directory, name));
        case '2' -> link(inside(directory, name), Path.of(text(header, 157, 100)));
        case '1' ->
            Files.createLink(inside(directory, name), inside(directory, text(header, 157, 100)));
        case '0', 0 -> file(inside(directory, name), size);
        default -> in.skipNBytes(size); // extended attributes and the like
      }
      if (hasData(header[156])) {
        in.skipNBytes(padding(size));
      }
    }
  }

  private static boolean hasData(byte type) {
    return type != '5' && type != '2' && type != '1';
  }

  private boolean nextHeader() throws IOException {
    var read = in.readNBytes(header, 0, BLOCK);
    if (read != 0 && read != BLOCK) {
      throw new EOFException("tar archive ends inside a header");
    }
    return read == BLOCK && header[0] != 0; // a zero block ends the archive
  }

  private void file(Path file, long size) throws IOException {
    Files.createDirectories(parent(file));
    try (var out = Files.newOutputStream(file)) {
      var left = size;
      var buffer = new byte[1 << 16];
      while (left > 0) {
        var read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new EOFException("tar archive ends inside \"" + file + "\"");
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
    Files.setPosixFilePermissions(file, permissions((int) octal(100, 8)));
  }

  private static void link(Path link, Path target) throws IOException {
    Files.createDirectories(parent(link));
    Files.createSymbolicLink(link, target);
  }

  private static Path parent(Path path) {
    var parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static Path inside(Path directory, String name) throws IOException {
    var path = directory.resolve(name).normalize();
    if (!path.startsWith(directory)) {
      throw new IOException("tar archive names a file outside its directory: \"" + name + "\"");
    }
    return path;
  }

  private String name() {
    var prefix = text(header, 345, 155);
    var name = text(header, 0, 100);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private long octal(int offset, int length) throws IOException {
    var digits = text(header, offset, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("invalid number \"" + digits + "\" in a tar header", e);
    }
  }

  private static String text(byte[] bytes, int offset, int length) {
    var end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static long padding(long size) {
    return (BLOCK - size % BLOCK) % BLOCK;
  }

  /// Everybody may read what root has unpacked: the server runs as another user.
  private static Set<PosixFilePermission> permissions(int mode) {
    var permissions =
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OTHERS_READ);
    if ((mode & 0100) != 0) {
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
      permissions.add(PosixFilePermission.OTHERS_EXECUTE);
    }
    return permissions;
  }
}
