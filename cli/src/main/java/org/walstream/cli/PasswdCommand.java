package org.walstream.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.walstream.node.NodeDirectory;
import org.walstream.send.hba.User;
import org.walstream.send.hba.UsersFileEditor;
import org.walstream.wire.auth.ScramSecret;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `walstream passwd`: adds a user to a node, or changes one. Counterpart of `createuser --pwprompt
/// --replication`.
final class PasswdCommand implements Subcommand {

  @Override
  public String name() {
    return "passwd";
  }

  @Override
  public String summary() {
    return "add or change a user of a node";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream passwd",
      sortOptions = false,
      header = {
        "Adds a user to a node, or changes one. Asks for the password; where there is",
        "no terminal, the first line of standard input is the password.",
        "",
        "Example:",
        "  walstream passwd -D relay --replication standby",
        ""
      },
      footer = {"", "A running node learns of it by walstream reload."})
  static final class Options implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the user")
    String name = "";

    @Option(
        names = {"-D", "--directory"},
        paramLabel = "DIR",
        required = true,
        description = "the node's directory")
    Path directory = Path.of("");

    @Option(names = "--replication", description = "may receive WAL")
    boolean replication;

    @Option(names = "--monitor", description = "may see details of others in status views")
    boolean monitor;

    @Option(
        names = "--valid-until",
        paramLabel = "TIME",
        description = "when the password expires: 2027-01-01 or 2027-01-01T12:00:00Z")
    @Nullable String validUntil;

    @Option(names = "--no-password", description = "no password: only trust lets this user in")
    boolean noPassword;

    @Override
    public Integer call() throws Exception {
      var node = new NodeDirectory(directory);
      node.requireNode();
      Optional<Instant> until = until();
      Optional<String> secret =
          noPassword ? Optional.empty() : Optional.of(ScramSecret.of(readPassword()).format());
      boolean known =
          UsersFileEditor.put(
              node.usersFile(), new User(name, secret, replication, monitor, until));
      System.out.println((known ? "changed" : "added") + " user \"" + name + "\"");
      return 0;
    }

    private Optional<Instant> until() {
      if (validUntil == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            validUntil.length() == 10
                ? LocalDate.parse(validUntil).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.parse(validUntil));
      } catch (DateTimeException e) {
        throw new UsageException("invalid time \"" + validUntil + "\"");
      }
    }

    @SuppressWarnings("SystemConsoleNull") // its type still allows null
    private static String readPassword() throws IOException {
      Console console = System.console();
      if (console == null || !console.isTerminal()) {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return notEmpty(in.readLine());
      }
      char[] password = console.readPassword("Enter password for new role: ");
      char[] again = console.readPassword("Enter it again: ");
      if (!Arrays.equals(password, again)) {
        throw new IOException("Passwords didn't match.");
      }
      return notEmpty(password == null ? null : new String(password));
    }

    private static String notEmpty(@Nullable String password) throws IOException {
      if (password == null || password.isEmpty()) {
        throw new IOException("the password is empty");
      }
      return password;
    }
  }
}
