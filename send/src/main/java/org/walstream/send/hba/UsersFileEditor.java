package org.walstream.send.hba;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import org.walstream.file.FileLayer;
import org.walstream.file.FileModes;

/// Changes one line of a users file and leaves the others, comments too, as they are. The new file
/// takes the old one's place in one step. Who changes it at the same time, in this process or
/// another, waits: nobody's change is lost.
public final class UsersFileEditor {

  /// NAMEDATALEN without the byte that ends a name.
  private static final int MOST_NAME_BYTES = 63;

  private static final Set<OpenOption> LOCK_OPTIONS = Set.of(CREATE, WRITE);

  private UsersFileEditor() {}

  /// Adds a user, or puts one in the place of the one with the same name.
  ///
  /// @param change what is to be there, given what is
  /// @return true if there was one
  /// @throws HbaException if the file is wrong already, or nobody may have that name: the file is
  ///   left as it is
  public static synchronized boolean change(
      Path file, String name, Function<Optional<User>, User> change)
      throws IOException, HbaException {
    requireName(name);
    Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
    try (var locked = FileChannel.open(lock, LOCK_OPTIONS, FileModes.of(lock, "rw-------"));
        var _ = locked.lock()) {
      Optional<User> before = UsersFile.read(file).find(name);
      put(file, before.isPresent(), change.apply(before));
      return before.isPresent();
    }
  }

  private static void put(Path file, boolean known, User user) throws IOException, HbaException {
    var lines = new ArrayList<String>();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      lines.add(known && isOf(file, line, user.name()) ? format(user) : line);
    }
    if (!known) {
      lines.add(format(user));
    }
    String text = String.join("\n", lines) + "\n";
    FileLayer.system().replace(file, StandardCharsets.UTF_8.encode(text));
  }

  /// A line holds a name, and a server's own roles have theirs.
  private static void requireName(String name) throws HbaException {
    if (name.isEmpty()) {
      throw new HbaException("role name must not be empty");
    }
    if (name.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
      throw new HbaException("role name must not contain control characters");
    }
    if (name.startsWith("pg_") || name.equals("public") || name.equals("none")) {
      throw new HbaException("role name \"%s\" is reserved".formatted(name));
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
      throw new HbaException(
          "role name \"%s\" is longer than %d bytes".formatted(name, MOST_NAME_BYTES));
    }
  }

  private static boolean isOf(Path file, String line, String name) throws HbaException {
    return line.startsWith("\"") && new UserLineParser(file, 0, line).parse().name().equals(name);
  }

  static String format(User user) {
    var line = new StringJoiner(" ").add(quoted(user.name())).add(quoted(user.secret().orElse("")));
    if (user.superuser()) {
      line.add("superuser"); // which is all there is
    } else {
      add(line, "replication", user.replication());
      add(line, "monitor", user.monitor());
      add(line, "signal", user.signal());
    }
    user.validUntil().ifPresent(until -> line.add("valid until '" + until + "'"));
    return line.toString();
  }

  private static void add(StringJoiner line, String attribute, boolean has) {
    if (has) {
      line.add(attribute);
    }
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
