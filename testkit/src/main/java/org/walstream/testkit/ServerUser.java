package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The user PostgreSQL runs as. It refuses to run as root, so when we are root it runs as
/// `postgres` where there is such a user, else as `nobody`; otherwise as ourselves.
final class ServerUser {

  private static final ServerUser CURRENT = new ServerUser(runningAsRoot() ? other() : null);

  private final @Nullable String name; // null: ourselves

  private ServerUser(@Nullable String name) {
    this.name = name;
  }

  static ServerUser current() {
    return CURRENT;
  }

  static boolean runningAsRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /// The command line that runs `command` as this user. setpriv and runuser replace themselves with
  /// the program, so that the process started is the program itself.
  List<String> command(List<String> command) {
    if (name == null) {
      return command;
    }
    var words = new ArrayList<String>();
    if (Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
      words.addAll(List.of("/usr/bin/setpriv", "--reuid=" + name, "--regid=" + group()));
      words.addAll(List.of("--clear-groups", "--"));
    } else {
      words.addAll(List.of("su", "-s", "/bin/sh", name, "-c", "exec \"$0\" \"$@\"", "--"));
    }
    words.addAll(command);
    return words;
  }

  /// Gives one file or directory to this user.
  Path own(Path path) {
    if (name != null) {
      try {
        var users = path.getFileSystem().getUserPrincipalLookupService();
        var attributes = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        attributes.setOwner(users.lookupPrincipalByName(name));
        attributes.setGroup(users.lookupPrincipalByGroupName(group()));
      } catch (IOException e) {
        throw new UncheckedIOException("could not give \"" + path + "\" to user " + name, e);
      }
    }
    return path;
  }

  /// Gives a directory and all that is in it to this user.
  void ownAll(Path directory) {
    if (name != null) {
      Command.require(List.of("chown", "-R", name + ":" + group(), directory.toString()));
    }
  }

  private String group() {
    return Command.require(List.of("id", "-gn", String.valueOf(name))).strip();
  }

  private static String other() {
    for (var candidate : List.of("postgres", "nobody")) {
      if (Command.run(List.of("id", "-u", candidate)).exitCode() == 0) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "PostgreSQL refuses to run as root, and there is no user \"postgres\" or \"nobody\"");
  }
}
