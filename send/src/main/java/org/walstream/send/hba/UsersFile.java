package org.walstream.send.hba;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.walstream.wire.conninfo.SecretFile;

/// The users of a node. The first two columns are those of pgbouncer's userlist.txt, so that its
/// tools can be used; attributes follow.
///
/// ```
/// "rep"   "SCRAM-SHA-256$4096:…"  replication
/// "mon"   "SCRAM-SHA-256$4096:…"  monitor valid until '2027-01-01 00:00:00+00'
/// "local" ""                      superuser
/// ; a comment, as is a line that begins with #
/// ```
///
/// A password in clear is refused: nobody needs to be able to read one here. So is a file that
/// others may read: secrets can be guessed at, and md5 ones serve to log in as they are. The rule
/// is that of private keys, [SecretFile].
public record UsersFile(Map<String, User> users) {

  public UsersFile {
    users = Map.copyOf(users);
  }

  /// Reads and checks a file; one that does not exist holds no users.
  ///
  /// @throws HbaException for the first thing wrong in it
  public static UsersFile read(Path file) throws HbaException {
    var users = new LinkedHashMap<String, User>();
    try {
      requirePrivate(file);
      int number = 0;
      for (String text :
          Files.exists(file) ? Files.readAllLines(file) : java.util.List.<String>of()) {
        number++;
        if (text.isBlank() || text.startsWith(";") || text.startsWith("#")) {
          continue;
        }
        User user = new UserLineParser(file, number, text).parse();
        if (users.putIfAbsent(user.name(), user) != null) {
          throw HbaException.at(
              file, number, "user \"%s\" is defined twice".formatted(user.name()));
        }
      }
    } catch (IOException e) {
      throw new HbaException("could not read file \"%s\": %s".formatted(file, e.getMessage()));
    }
    return new UsersFile(users);
  }

  private static void requirePrivate(Path file) throws IOException, HbaException {
    SecretFile found = SecretFile.check(file);
    Optional<String> complaint = found.complaint("users file", file);
    if (found != SecretFile.MISSING && complaint.isPresent()) {
      throw new HbaException(complaint.get());
    }
  }

  public Optional<User> find(String name) {
    return Optional.ofNullable(users.get(name));
  }
}
