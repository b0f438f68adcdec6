package org.walstream.node;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/// A node in a process of its own, for tests that kill it: `DIRECTORY NAME=VALUE ...`.
final class RelayMain {

  private RelayMain() {}

  public static void main(String[] arguments) throws Exception {
    var settings =
        Arrays.stream(arguments)
            .skip(1)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    try (var node = Node.start(new NodeDirectory(Path.of(arguments[0])), settings)) {
      node.awaitStop();
    }
  }
}
