package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Makes what is installed, with scripts/package, and runs what tests need for it.
final class PackageBuild {

  private PackageBuild() {}

  /// A file of the checkout.
  static Path ofCheckout(String first, String... more) throws IOException {
    return Path.of("..").toRealPath().resolve(Path.of(first, more));
  }

  /// @param directory to be made, with all that scripts/package leaves
  static Path make(Path directory, String... options) throws Exception {
    var command = new ArrayList<>(List.of(ofCheckout("scripts", "package").toString()));
    command.addAll(List.of(options));
    command.add(directory.toString());
    run(command);
    return directory;
  }

  /// The one file in `directory` whose name ends so.
  static Path file(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  /// @return what it prints on both outputs, its exit code being 0
  static String run(List<String> command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
    return output;
  }
}
