package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;

class MainTest {

  /// The commands of this module; those of others are tested there.
  private static final List<Commands.Entry> OWN =
      Commands.ALL.stream().filter(entry -> Commands.find(entry.name()).isPresent()).toList();

  private static int run(String... args) {
    return Ran.walstream(args).exitCode();
  }

  @Test
  void saysItsVersion() {
    assertThat(Ran.walstream("--version"))
        .isEqualTo(new Ran(0, "walstream 0.1.0 (PostgreSQL 15-18)\n", ""));
    for (Commands.Entry command : OWN) {
      for (String option : List.of("-V", "--version", "--vers")) {
        assertThat(Ran.walstream(command.name(), option).output())
            .isEqualTo("walstream 0.1.0 (PostgreSQL 15-18)\n");
      }
    }
  }

  @Test
  void calledByTheNameOfAToolItIsThatTool() {
    for (Commands.Entry command : OWN) {
      String tool = command.tool();
      if (!tool.isEmpty()) {
        String version = tool + " (PostgreSQL) 18.6 (Walstream 0.1.0)\n";
        assertThat(Ran.as(tool, "--version")).isEqualTo(new Ran(0, version, ""));
        assertThat(Ran.as(tool, "-V")).isEqualTo(new Ran(0, version, ""));
        assertThat(Ran.as(tool, "--help").output())
            .startsWith(tool + " ")
            .contains("\nUsage:\n  " + tool + " [OPTION]")
            .doesNotContain("Example");
        assertThat(Ran.as(tool, "--nonsense"))
            .isEqualTo(
                new Ran(
                    1,
                    "",
                    """
                    TOOL: unrecognized option '--nonsense'
                    TOOL: hint: Try "TOOL --help" for more information.
                    """
                        .replace("TOOL", tool)));
      }
    }
  }

  @Test
  void helpFitsATerminalAndBeginsWithAnExample() {
    assertThat(Ran.walstream("help").output().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    for (Commands.Entry command : OWN) {
      String help = Ran.walstream(command.name(), "-?").output();
      assertThat(help).contains("\n\nExample:\n  walstream " + command.name() + " ");
      assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
      assertThat(Ran.walstream("help", command.name()).output()).isEqualTo(help);
    }
  }

  /// A row of a command's table that the command does not know would throw.
  @Test
  void everyOptionOfATableIsTaken() {
    for (Commands.Entry entry : OWN) {
      CommandTable table = Commands.find(entry.name()).orElseThrow().table();
      assertThat(table.name()).isEqualTo(entry.name());
      String tool = table.tool() == null ? "" : table.tool().name();
      assertThat(tool).isEqualTo(entry.tool());
      for (Option option : table.options()) {
        if (!option.equals(Option.HELP) && !option.equals(Option.VERSION)) {
          take(entry.name(), new Given(option, null));
        }
      }
    }
  }

  private static void take(String command, Given given) {
    try {
      Commands.find(command).orElseThrow().take(given);
    } catch (UsageException e) {
      assertThat(e).as("an empty value is none").hasMessageNotContaining("too many");
    }
  }

  @Test
  void refusesAnUnknownCommand() {
    assertThat(Ran.walstream("recieve"))
        .isEqualTo(
            new Ran(
                1,
                "",
                """
                walstream: error: unrecognized command "recieve"
                walstream: hint: Try "walstream --help" for more information.
                """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "init|no node directory specified",
        "init -D a -p 70000|-p/--port must be in range 1..65535",
        "init -D a -p x1|invalid value \"x1\" for option -p/--port",
        "run -D a -c b|-c b requires a value",
        "stop -D a --timeout=99999999999|-t/--timeout must be in range 0..2147483647",
        "reload -D a b|too many command-line arguments (first is \"b\")",
        "passwd -D a|no user name specified",
        "passwd -D a --valid-until=soon b|invalid input syntax for type timestamp with time zone: \"soon\"",
        "walend|no directory specified",
        "replay -D a --target-lsn x|invalid value \"x\" for option --target-lsn",
        "replay -D a --target-xid 1 --target-name b|cannot use --target-xid together with --target-name",
        "replay -D a --workers 0|--workers must be in range 1..1024",
        "replay -D a --timeline 0|invalid value \"0\" for option --timeline",
        "replay -D a --redo-buffers 1kB|invalid value \"1kB\" for option --redo-buffers",
        "replay -D a b|too many command-line arguments (first is \"b\")",
        "walend a b|too many command-line arguments (first is \"b\")",
        "controldata a b|too many command-line arguments (first is \"b\")",
      })
  void wrongCommandLinesAreToldInOneManner(String words, String message) {
    String program = "walstream " + words.split(" ")[0];
    assertThat(Ran.walstream(words.split(" ")))
        .isEqualTo(
            new Ran(
                1,
                "",
                "%s: error: %s\n%s: hint: Try \"%s --help\" for more information.\n"
                    .formatted(program, message, program, program)));
  }

  @Test
  void initMakesANodeOnceAndLeavesWhatIsThereAlone(@TempDir Path directory) throws Exception {
    Path node = directory.resolve("relay");
    assertThat(
            run(
                "init",
                "-D",
                node.toString(),
                "--port",
                "6000",
                "--primary-conninfo",
                "host=a password='x''y'"))
        .isZero();
    assertThat(node.resolve("walstream.conf")).content().contains("\nport = 6000\n");
    assertThat(node.resolve("pg_hba.conf")).exists();
    Files.writeString(node.resolve("walstream.conf"), "port = 1");
    assertThat(run("init", "-D", node.toString())).isEqualTo(1);
    assertThat(node.resolve("walstream.conf")).hasContent("port = 1");
  }

  @Test
  void whatInitSaysNextIsForAShell(@TempDir Path directory) throws Exception {
    Path node = directory.resolve("a node's");
    String said = Ran.walstream("init", "-D", node.toString()).output();
    String run =
        said.lines().filter(line -> line.contains("walstream run -D ")).findFirst().orElseThrow();
    var shell = new ProcessBuilder("sh", "-c", "walstream() { printf %s \"$3\"; };" + run).start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(node.toString());
  }

  @Test
  void passwdChangesWhatIsNamedAndNothingElse(@TempDir Path directory) throws Exception {
    String node = directory.resolve("n").toString();
    assertThat(run("init", "-D", node)).isZero();
    Path users = directory.resolve("n/users");
    passwd(node, "standby", "--replication", "--valid-until", "2030-01-01 10:00:00+02");
    String attributes = "replication valid until '2030-01-01T08:00:00Z'";
    assertThat(users).content().endsWith("\"standby\" \"\" " + attributes + "\n");
    passwd(node, "standby", "--signal");
    assertThat(users).content().contains("replication signal valid until '2030");
    passwd(node, "standby", "--no-signal");
    assertThat(users).content().endsWith("\"standby\" \"\" " + attributes + "\n");
    passwd(node, "standby", "--valid-until=infinity");
    assertThat(users).content().endsWith("\"standby\" \"\" replication\n");
    passwd(node, "standby", "--superuser");
    passwd(node, "standby");
    assertThat(users).content().endsWith("\"standby\" \"\" superuser\n");
    passwd(node, "standby", "--no-superuser", "--monitor");
    assertThat(users).content().endsWith("\"standby\" \"\" monitor\n");
  }

  private static void passwd(String node, String user, String... options) {
    var words = new ArrayList<String>(List.of("passwd", "-D", node, user, "--no-password"));
    words.addAll(List.of(options));
    assertThat(Ran.walstream(words.toArray(String[]::new)).errors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two\nlines", "pg_mine", "public"})
  void passwdRefusesNamesThatNobodyMayHave(String name, @TempDir Path directory) throws Exception {
    String node = directory.resolve("n").toString();
    assertThat(run("init", "-D", node)).isZero();
    String before = Files.readString(directory.resolve("n/users"));
    Ran ran = Ran.walstream("passwd", "-D", node, "--no-password", name);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.errors()).contains("error: role name ");
    assertThat(directory.resolve("n/users")).hasContent(before);
  }

  @Test
  void statusHasTheExitCodesOfPgCtl(@TempDir Path directory) throws Exception {
    assertThat(Ran.walstream("status", "-D", directory.resolve("nosuch").toString()).exitCode())
        .isEqualTo(4);
    Ran file = Ran.walstream("status", "-D", Files.createFile(directory.resolve("f")).toString());
    assertThat(file.exitCode()).isEqualTo(4);
    assertThat(file.errors()).endsWith("/f\": Not a directory\n");
    assertThat(run("init", "-D", directory.resolve("n").toString())).isZero();
    assertThat(run("status", "-D", directory.resolve("n").toString())).isEqualTo(3);
  }

  @Test
  void stopAndReloadSayThatNothingRuns(@TempDir Path directory) {
    assertThat(run("stop", "-D", directory.toString())).isEqualTo(1);
    assertThat(run("init", "-D", directory.resolve("n").toString())).isZero();
    assertThat(run("stop", "-D", directory.resolve("n").toString())).isEqualTo(1);
    assertThat(run("reload", "-D", directory.resolve("n").toString())).isEqualTo(1);
  }
}
