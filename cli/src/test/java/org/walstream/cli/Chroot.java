package org.walstream.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A directory in which programs run as if it were all there is, by root's leave. They meet the
/// servers of this machine over its network.
///
/// @param root what they take for `/`
/// @param environment all that they have of one, `NAME=value`
record Chroot(Path root, List<String> environment) {

  /// Where `path` of a program in there is for us.
  Path outside(String path) {
    return root.resolve(path.substring(1));
  }

  /// @param user name, or numbers of user and group with a colon
  /// @return what it prints on both outputs, its exit code being 0
  String run(String user, String... words) throws Exception {
    return PackageBuild.run(command(user, words));
  }

  /// A command line that runs one in there; it becomes that program itself, which can be signalled.
  /// The mount is gone with the process.
  List<String> command(String user, String... words) {
    String enter =
        """
        mkdir -p "$0/proc"
        mount --bind /proc "$0/proc"
        exec env -i "$@"
        """;
    var command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-ec", enter));
    command.add(root.toString());
    command.addAll(environment);
    command.addAll(List.of("/usr/sbin/chroot", "--userspec=" + user, root.toString()));
    command.addAll(List.of(words));
    return command;
  }
}
