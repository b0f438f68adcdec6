package org.walstream.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Option;

/// What shells offer, asked of the shells themselves.
class CompletionTest {

  private static final List<DocumentedCommand> COMMANDS =
      List.of(
          new DocumentedCommand(
              "keep 'all' of it",
              CommandTable.of("keep", "[OPTION]...")
                  .section(
                      "Options",
                      Option.value('D', "directory", "DIR", "where to [it is] kept: here"),
                      Option.value('Z', "compress", "METHOD", "how").among(List.of("gzip", "zstd")),
                      Option.value("map", "FILE", "names"),
                      Option.value("slot", "NAME", "a slot"),
                      Option.value("jobs", "N", "how many"),
                      Option.optionalValue('z', "stats", "record", "count")
                          .among(List.of("record")),
                      Option.flag('v', "verbose", "say more"),
                      Option.HELP)
                  .build()),
          new DocumentedCommand(
              "show it",
              CommandTable.of("show", "[OPTION]...").section("Options", Option.HELP).build()));

  @TempDir private Path directory;
  @TempDir private Path scripts;

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(directory.resolve("archive one"));
    Files.writeString(directory.resolve("archive.map"), "");
  }

  @Test
  void bashOffersCommandsOptionsAndValues() throws Exception {
    assertThat(bash("walstream", "")).contains("keep", "show", "help");
    assertThat(bash("walstream", "k")).containsExactly("keep");
    assertThat(bash("walstream", "help", "s")).containsExactly("show");
    assertThat(bash("walstream", "keep", "--")).contains("--directory=", "--verbose", "--help");
    assertThat(bash("walstream", "keep", "--ver")).containsExactly("--verbose");
    assertThat(bash("walstream", "show", "-")).containsExactly("-?", "--help");
    assertThat(bash("walstream", "keep", "-D", "arch")).containsExactly("archive one");
    assertThat(bash("walstream", "keep", "--directory", "=", "arch"))
        .containsExactly("archive one");
    assertThat(bash("walstream", "keep", "--map", "="))
        .containsExactlyInAnyOrder("archive one", "archive.map");
    assertThat(bash("walstream", "keep", "-Z", "")).containsExactly("gzip", "zstd");
    assertThat(bash("walstream", "keep", "--compress", "=", "z")).containsExactly("zstd");
    assertThat(bash("walstream", "keep", "--map", "none", "--slot", ""))
        .containsExactly("archive", "standby", "line:keep");
    assertThat(bash("walstream", "keep", "--slot", "=", "st")).containsExactly("standby");
    assertThat(bash("walstream", "keep", "--jobs", "")).isEmpty();
    assertThat(bash("walstream", "keep", "arch"))
        .containsExactlyInAnyOrder("archive one", "archive.map");
  }

  /// @param words the line as bash splits it, the last one being completed
  private List<String> bash(String... words) throws Exception {
    Path script = Files.writeString(scripts.resolve("bash"), BashCompletion.text(COMMANDS));
    String line = String.join(" ", List.of(words).stream().map(word -> "'" + word + "'").toList());
    String program =
        """
        compopt() { :; }
        walstream() { [[ $1 == slots ]] && echo archive standby line:${2:10:4}; }
        . %s
        COMP_WORDS=(%s)
        COMP_LINE="${COMP_WORDS[*]}"
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _walstream
        for reply in "${COMPREPLY[@]}"; do echo "$reply"; done
        """
            .formatted(script, line);
    return run(List.of("bash", "--norc", "-uc", program)).lines().toList();
  }

  @Test
  void zshReadsItsScript() throws Exception {
    assumeTrue(isHere("zsh"), "zsh is not here");
    Path script = Files.writeString(scripts.resolve("_walstream"), ZshCompletion.text(COMMANDS));
    assertThat(run(List.of("zsh", "-fn", script.toString()))).isEmpty();
    String program =
        "autoload -Uz compinit; compinit -u -D; . %s; whence -w _walstream".formatted(script);
    assertThat(run(List.of("zsh", "-fc", program))).isEqualTo("_walstream: function\n");
  }

  @Test
  void fishOffersCommandsAndOptions() throws Exception {
    assumeTrue(isHere("fish"), "fish is not here");
    Path script =
        Files.writeString(scripts.resolve("walstream.fish"), FishCompletion.text(COMMANDS));
    String program =
        "source %s; complete -C'walstream ke'; complete -C'walstream keep --ver'".formatted(script);
    assertThat(run(List.of("fish", "-N", "-c", program)))
        .contains("keep\tkeep 'all' of it")
        .contains("--verbose\tsay more");
    assertThat(
            run(
                List.of(
                    "fish",
                    "-N",
                    "-c",
                    "function walstream; echo $argv; end; source %s; complete -C'walstream keep --slot '"
                        .formatted(script))))
        .contains("slots");
  }

  @Test
  void scriptsHaveEveryOption() {
    for (String script : List.of(ZshCompletion.text(COMMANDS), FishCompletion.text(COMMANDS))) {
      assertThat(script).contains("directory", "compress", "gzip zstd", "verbose", "keep", "show");
    }
    assertThat(ZshCompletion.text(COMMANDS))
        .contains(
            "'(-D --directory)'{'-D+','--directory='}'[where to \\[it is\\] kept: here]:DIR:_directories'")
        .contains("'keep:keep '\\''all'\\'' of it'");
    assertThat(FishCompletion.text(COMMANDS)).contains("-d 'keep \\'all\\' of it'");
  }

  private static boolean isHere(String shell) throws Exception {
    return new ProcessBuilder("sh", "-c", "command -v " + shell).start().waitFor() == 0;
  }

  private String run(List<String> command) throws Exception {
    var process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
