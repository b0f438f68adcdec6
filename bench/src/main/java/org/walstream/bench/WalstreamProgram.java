package org.walstream.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.walstream.testkit.CrashProcess;

/// How to run Walstream's other commands as processes of their own: through the launcher when that
/// started us, as a user would, else on our own class path.
public final class WalstreamProgram {

  private WalstreamProgram() {}

  /// The words that run `walstream` with `arguments`.
  public static List<String> command(String... arguments) {
    var home = System.getProperty("walstream.home");
    if (home == null) {
      return CrashProcess.javaCommand(
          List.of("--enable-native-access=ALL-UNNAMED"), "org.walstream.cli.Main", arguments);
    }
    var words = new ArrayList<>(List.of(Path.of(home, "walstream").toString()));
    words.addAll(List.of(arguments));
    return words;
  }
}
