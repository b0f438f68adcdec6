package org.walstream.send.hba;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// Changes one line of a users file and leaves the others, comments too, as they are. The new file
/// takes the old one's place in one step: temporary file, fsync, rename, fsync of the directory.
public final class UsersFileEditor {

  private UsersFileEditor() {}

  /// Adds `user`, or puts it in the place of the one with the same name.
  ///
  /// @return true if there was one
  /// @throws HbaException if the file is wrong already: it is left as it is
  public static boolean put(Path file, User user) throws IOException, HbaException {
    boolean known = UsersFile.read(file).find(user.name()).isPresent();
    var lines = new ArrayList<String>();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      lines.add(known && isOf(file, line, user.name()) ? format(user) : line);
    }
    if (!known) {
      lines.add(format(user));
    }
    replace(file, String.join("\n", lines) + "\n");
    return known;
  }

  private static boolean isOf(Path file, String line, String name) throws HbaException {
    return line.startsWith("\"") && new UserLineParser(file, 0, line).parse().name().equals(name);
  }

  static String format(User user) {
    var line = new StringJoiner(" ").add(quoted(user.name())).add(quoted(user.secret().orElse("")));
    if (user.replication()) {
      line.add("replication");
    }
    if (user.monitor()) {
      line.add("monitor");
    }
    user.validUntil().ifPresent(until -> line.add("valid until '" + until + "'"));
    return line.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }

  private static void replace(Path file, String text) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
