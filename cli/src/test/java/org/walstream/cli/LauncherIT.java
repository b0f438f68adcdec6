package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher itself, in a checkout of its own that is already built: of the classes of this
/// test.
class LauncherIT {

  private static final List<String> FILES =
      List.of("walstream", "scripts/find-jdk", "scripts/jvm-flags", "scripts/launch");

  @TempDir private Path directory;
  private Path home = Path.of("");

  @BeforeEach
  void checkout() throws IOException {
    home = directory.resolve("home");
    Files.createDirectories(home.resolve("scripts"));
    Files.createDirectories(home.resolve("module/src/main"));
    Files.createDirectories(home.resolve("target/app"));
    Files.createFile(home.resolve("pom.xml"));
    Files.createFile(home.resolve("module/pom.xml"));
    for (String file : FILES) {
      Files.copy(Path.of("..", file), home.resolve(file));
    }
    assertThat(home.resolve("walstream").toFile().setExecutable(true)).isTrue();
    Files.writeString(
        home.resolve("target/app/class-path"),
        System.getProperty("java.class.path") + " /nonexistent.jar\n");
    Files.createFile(home.resolve("target/app/built"));
  }

  @Test
  void throughALinkItIsTheToolOfThatName() throws Exception {
    Path links = Files.createDirectories(directory.resolve("links/more"));
    for (Commands.Entry command : Commands.ALL) {
      String tool = command.tool();
      if (!tool.isEmpty()) {
        Path absolute =
            Files.createSymbolicLink(
                directory.resolve("links").resolve(tool), home.resolve("walstream"));
        Path chained = Files.createSymbolicLink(links.resolve(tool), Path.of("..").resolve(tool));
        String version = tool + " (PostgreSQL) 18.6 (Walstream 0.1.0)\n";
        assertThat(run(List.of(absolute.toString(), "--version"))).isEqualTo(version);
        assertThat(run(List.of(chained.toString(), "-V"))).isEqualTo(version);
        assertThat(run(List.of("./" + tool, "--version"), links)).isEqualTo(version);
        assertThat(run(List.of("sh", "-c", "PATH=$PWD:$PATH; " + tool + " -V"), links))
            .isEqualTo(version);
        assertThat(run(List.of(chained.toString(), "--nonsense")))
            .startsWith(tool + ": unrecognized option '--nonsense'\n");
      }
    }
  }

  @Test
  void withoutALinkItIsItself() throws Exception {
    assertThat(run(List.of(home.resolve("walstream").toString(), "--version")))
        .isEqualTo("walstream 0.1.0 (PostgreSQL 15-18)\n");
    assertThat(run(List.of("sh", "walstream", "--version"), home))
        .isEqualTo("walstream 0.1.0 (PostgreSQL 15-18)\n");
  }

  @Test
  void eachCommandHasTheJvmOfItsRow() throws Exception {
    assertThat(flags("receive"))
        .contains("MaxHeapSize=16777216 ")
        .contains("CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.01 ")
        .doesNotContain("TieredStopAtLevel=1 ");
    assertThat(flags("stop")).contains("MaxHeapSize=33554432 ").contains("TieredStopAtLevel=1 ");
    assertThat(flags("run"))
        .contains("MaxHeapSize=67108864 ")
        .contains("CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.01 ")
        .doesNotContain("TieredStopAtLevel");
    assertThat(flags("standby"))
        .contains("CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.01 ")
        .doesNotContain("TieredStopAtLevel");
    assertThat(flags("of-later"))
        .contains("MaxHeapSize=536870912 ")
        .doesNotContain("TieredStopAtLevel");
    Path tool =
        Files.createSymbolicLink(directory.resolve("pg_receivewal"), home.resolve("walstream"));
    assertThat(printedFlags(tool.toString(), "stop")).contains("MaxHeapSize=16777216 ");
  }

  /// Those of `demo` and `bench`, too: else help would not name them.
  @Test
  void helpHasTheJarsOfEveryCommand() throws IOException {
    assertThat(Files.readAllLines(home.resolve("scripts/jvm-flags")))
        .filteredOn(line -> line.startsWith("help ") || line.startsWith("--help "))
        .hasSize(2)
        .allMatch(line -> line.split(" +")[2].equals("all"));
  }

  /// A script may close its streams; what the JVM opens first must not be taken for one.
  @Test
  void closedStreamsAreNobodysFiles() throws Exception {
    String program = home.resolve("walstream").toString();
    run(List.of(program, "init", "-D", directory.resolve("n").toString()));
    String script = "\"$0\" passwd -D n standby 2>&1 <&-; echo $?";
    assertThat(run(List.of("sh", "-c", script, program)))
        .isEqualTo("walstream passwd: error: the password is empty\n1\n");
    script = "\"$0\" status -D n >&- 2>&- <&-; echo $?";
    assertThat(run(List.of("sh", "-c", script, program))).isEqualTo("3\n");
  }

  private String flags(String command) throws Exception {
    return printedFlags(home.resolve("walstream").toString(), command);
  }

  private String printedFlags(String program, String command) throws Exception {
    return run(
        List.of(
            "env", "WALSTREAM_JAVA_OPTS=-XX:+PrintCommandLineFlags", program, command, "--help"));
  }

  private String run(List<String> words) throws Exception {
    return run(words, directory);
  }

  /// As a bare service is started: HOME is not set.
  private static String run(List<String> words, Path in) throws Exception {
    var builder = new ProcessBuilder(new ArrayList<>(words)).directory(in.toFile());
    builder.redirectErrorStream(true).environment().remove("HOME");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
