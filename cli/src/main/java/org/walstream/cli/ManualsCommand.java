package org.walstream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.cli.manual.BashCompletion;
import org.walstream.cli.manual.CommandPage;
import org.walstream.cli.manual.ConfigurationPage;
import org.walstream.cli.manual.DocumentedCommand;
import org.walstream.cli.manual.FishCompletion;
import org.walstream.cli.manual.OverviewPage;
import org.walstream.cli.manual.UsersPage;
import org.walstream.cli.manual.ZshCompletion;
import org.walstream.node.config.SampleFile;

/// The hidden command `manuals`: writes what a package has beside the program, made from the
/// program's own tables, where a system looks for it (scripts/package).
///
/// ```
/// DIR/man/man1/walstream.1, walstream-COMMAND.1 …
/// DIR/man/man5/walstream.conf.5, walstream-users.5
/// DIR/bash-completion/completions/walstream
/// DIR/zsh/vendor-completions/_walstream
/// DIR/fish/vendor_completions.d/walstream.fish
/// DIR/doc/walstream/examples/walstream.conf
/// ```
final class ManualsCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("manuals", "DIR EPOCHSECONDS").section("Options", Option.HELP).build();

  private List<String> arguments = List.of();

  @Override
  public CommandTable table() {
    return TABLE;
  }

  /// @param operands where to, and the date of the pages, in seconds since 1970
  @Override
  public void operands(List<String> operands) {
    if (operands.size() != 2) {
      throw new UsageException("expecting a directory and seconds since 1970");
    }
    arguments = operands;
  }

  @Override
  public int run(Diagnostics diagnostics) throws IOException {
    Path share = Path.of(arguments.getFirst());
    var second = Instant.ofEpochSecond(Long.parseLong(arguments.getLast()));
    LocalDate date = LocalDate.ofInstant(second, ZoneOffset.UTC);
    String program = Program.TITLE;
    List<DocumentedCommand> commands = Commands.documented();
    Path section1 = share.resolve("man/man1");
    write(section1.resolve("walstream.1"), OverviewPage.text(commands, program, date));
    for (DocumentedCommand command : commands) {
      Path file = section1.resolve(CommandPage.name(command) + ".1");
      write(file, CommandPage.text(command, program, date));
    }
    CommandTable passwd = new PasswdCommand().table();
    Path section5 = share.resolve("man/man5");
    write(section5.resolve("walstream.conf.5"), ConfigurationPage.text(program, date));
    write(section5.resolve("walstream-users.5"), UsersPage.text(passwd, program, date));
    write(share.resolve("bash-completion/completions/walstream"), BashCompletion.text(commands));
    write(share.resolve("zsh/vendor-completions/_walstream"), ZshCompletion.text(commands));
    write(share.resolve("fish/vendor_completions.d/walstream.fish"), FishCompletion.text(commands));
    write(share.resolve("doc/walstream/examples/walstream.conf"), SampleFile.text());
    return 0;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
