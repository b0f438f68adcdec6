package org.walstream.cli;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.node.NodeDirectory;
import org.walstream.node.StandbyNode;
import org.walstream.send.hba.User;
import org.walstream.send.hba.UsersFileEditor;
import org.walstream.send.hba.ValidUntil;
import org.walstream.wire.ByteText;
import org.walstream.wire.auth.ScramSecret;

/// `walstream passwd`: adds a user to a node, or changes one. Counterpart of `createuser --pwprompt
/// --replication`.
final class PasswdCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("passwd", "[OPTION]... NAME")
          .about(
              """
              Adds a user to a node, or changes one, of whom everything stays that is not
              named. Asks for the password; where there is no terminal, the first line of
              standard input is the password.\
              """)
          .example("walstream passwd -D relay --replication standby")
          .section(
              "Options",
              NodeOption.row("the node's directory"),
              Option.flag("monitor", "may see details of others in status views"),
              Option.flag("no-monitor", "not any more"),
              Option.flag("no-password", "no password: only trust lets this user in"),
              Option.flag("no-replication", "not any more"),
              Option.flag("no-signal", "not any more"),
              Option.flag("no-superuser", "not any more, nor anything else that is not named"),
              Option.flag("replication", "may receive WAL"),
              Option.flag("signal", "may end what others do, and their sessions"),
              Option.flag("superuser", "may do all that, and reload the configuration"),
              Option.value(
                  "valid-until",
                  "TIME",
                  "when the password expires: 2027-01-01, 2027-01-01 12:00:00+02, infinity"),
              Option.VERSION,
              Option.HELP)
          .footer("A running node learns of it by walstream reload.")
          .build();

  private final NodeOption node = new NodeOption();
  private String name = "";
  private final Map<String, Boolean> attributes = new HashMap<>();
  private boolean noPassword;

  /// Empty when nothing is said of it: `infinity` is something.
  private Optional<ValidUntil> validUntil = Optional.empty();

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "directory" -> node.take(given);
      case "monitor", "replication", "signal", "superuser" -> attributes.put(given.name(), true);
      case "no-monitor", "no-replication", "no-signal", "no-superuser" ->
          attributes.put(given.name().substring("no-".length()), false);
      case "no-password" -> noPassword = true;
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
    boolean known = UsersFileEditor.change(usersFile, name, before -> changed(before, secret));
    System.out.println((known ? "changed" : "added") + " user \"" + name + "\"");
    return 0;
  }

  /// As CREATE ROLE or, of one who is there, ALTER ROLE would have it.
  private User changed(Optional<User> before, Optional<String> secret) {
    boolean superuser = attribute("superuser", before, User::superuser);
    Optional<User> kept = // who was a superuser was everything else because of it
        before.filter(user -> superuser || !user.superuser());
    return new User(
        name,
        secret,
        superuser || attribute("replication", kept, User::replication),
        superuser || attribute("monitor", kept, User::monitor),
        superuser || attribute("signal", kept, User::signal),
        superuser,
        validUntil.map(ValidUntil::moment).orElseGet(() -> before.flatMap(User::validUntil)));
  }

  private boolean attribute(String attribute, Optional<User> before, Predicate<User> had) {
    return attributes.getOrDefault(attribute, before.filter(had).isPresent());
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

  private static ValidUntil time(String text) {
    try {
      return ValidUntil.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
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
