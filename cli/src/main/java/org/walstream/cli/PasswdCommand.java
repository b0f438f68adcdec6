package org.walstream.cli;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.node.NodeDirectory;
import org.walstream.node.StandbyNode;
import org.walstream.send.hba.User;
import org.walstream.send.hba.UsersFileEditor;
import org.walstream.wire.ByteText;
import org.walstream.wire.auth.ScramSecret;

/// `walstream passwd`: adds a user to a node, or changes one. Counterpart of `createuser --pwprompt
/// --replication`.
final class PasswdCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("passwd", "[OPTION]... NAME")
          .about(
              """
              Adds a user to a node, or changes one. Asks for the password; where there is
              no terminal, the first line of standard input is the password.\
              """)
          .example("walstream passwd -D relay --replication standby")
          .section(
              "Options",
              NodeOption.row("the node's directory"),
              Option.flag("monitor", "may see details of others in status views"),
              Option.flag("no-password", "no password: only trust lets this user in"),
              Option.flag("replication", "may receive WAL"),
              Option.flag("signal", "may end what others do, and their sessions"),
              Option.flag("superuser", "may do all that, and reload the configuration"),
              Option.value(
                  "valid-until",
                  "TIME",
                  "when the password expires: 2027-01-01 or 2027-01-01T12:00:00Z"),
              Option.VERSION,
              Option.HELP)
          .footer("A running node learns of it by walstream reload.")
          .build();

  private final NodeOption node = new NodeOption();
  private String name = "";
  private boolean replication;
  private boolean monitor;
  private boolean signal;
  private boolean superuser;
  private boolean noPassword;
  private Optional<Instant> validUntil = Optional.empty();

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "directory" -> node.take(given);
      case "monitor" -> monitor = true;
      case "no-password" -> noPassword = true;
      case "replication" -> replication = true;
      case "signal" -> signal = true;
      case "superuser" -> superuser = true;
      case "valid-until" -> validUntil = Optional.of(time(given.value()));
      default -> throw new IllegalStateException(given.name());
    }
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(1, operands);
    if (operands.isEmpty()) {
      throw new UsageException("no user name specified");
    }
    name = operands.getFirst();
    node.directory();
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    Path usersFile = usersFile(node.directory());
    Optional<String> secret =
        noPassword ? Optional.empty() : Optional.of(ScramSecret.of(readPassword()).format());
    boolean known =
        UsersFileEditor.put(
            usersFile, new User(name, secret, replication, monitor, signal, superuser, validUntil));
    System.out.println((known ? "changed" : "added") + " user \"" + name + "\"");
    return 0;
  }

  /// A standby's data directory has one too.
  private static Path usersFile(Path path) throws IOException {
    if (Files.exists(path.resolve("PG_VERSION"))) {
      return path.resolve(StandbyNode.USERS_FILE);
    }
    var directory = new NodeDirectory(path);
    directory.requireNode();
    return directory.usersFile();
  }

  private static Instant time(String text) {
    try {
      return text.length() == "2027-01-01".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException("invalid time \"" + text + "\"");
    }
  }

  @SuppressWarnings("SystemConsoleNull") // its type still allows null
  private static String readPassword() throws IOException {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return notEmpty(firstLine(System.in));
    }
    char[] password = console.readPassword("Enter password for new role: ");
    char[] again = console.readPassword("Enter it again: ");
    if (!Arrays.equals(password, again)) {
      throw new IOException("Passwords didn't match.");
    }
    return notEmpty(password == null ? null : new String(password));
  }

  /// As bytes: a password need not be text.
  private static String firstLine(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n' && b != '\r'; b = in.read()) {
      line.write(b);
    }
    return ByteText.of(line.toByteArray());
  }

  private static String notEmpty(@Nullable String password) throws IOException {
    if (password == null || password.isEmpty()) {
      throw new IOException("the password is empty");
    }
    return password;
  }
}
