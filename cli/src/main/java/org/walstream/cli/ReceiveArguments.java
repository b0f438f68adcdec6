package org.walstream.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.GetOptLong.Argument;
import org.walstream.cli.GetOptLong.Option;
import org.walstream.store.Compression;
import org.walstream.wal.Lsn;

/// What the command line of `walstream receive` asks for, checked as pg_receivewal checks it: each
/// value where it stands, then all of them together, in that order and in those words.
///
/// Written while the command line is read, unchanged from then on.
final class ReceiveArguments {

  private static final char NO_LETTER = '\0';
  private static final int STATUS_INTERVAL_MAX = Integer.MAX_VALUE / 1000;

  private static final List<Option> OPTIONS =
      List.of(
          new Option("help", '?', Argument.NONE),
          new Option("version", 'V', Argument.NONE),
          new Option("directory", 'D', Argument.REQUIRED),
          new Option("dbname", 'd', Argument.REQUIRED),
          new Option("endpos", 'E', Argument.REQUIRED),
          new Option("host", 'h', Argument.REQUIRED),
          new Option("port", 'p', Argument.REQUIRED),
          new Option("username", 'U', Argument.REQUIRED),
          new Option("no-loop", 'n', Argument.NONE),
          new Option("no-password", 'w', Argument.NONE),
          new Option("password", 'W', Argument.NONE),
          new Option("status-interval", 's', Argument.REQUIRED),
          new Option("slot", 'S', Argument.REQUIRED),
          new Option("verbose", 'v', Argument.NONE),
          new Option("compress", 'Z', Argument.REQUIRED),
          new Option("create-slot", NO_LETTER, Argument.NONE),
          new Option("drop-slot", NO_LETTER, Argument.NONE),
          new Option("if-not-exists", NO_LETTER, Argument.NONE),
          new Option("synchronous", NO_LETTER, Argument.NONE),
          new Option("no-sync", NO_LETTER, Argument.NONE),
          // pg_receivewal does not have it: the abbreviations of the others stay what they are.
          new Option("no-verify", NO_LETTER, Argument.NONE, false));

  /// Asked for in place of receiving.
  enum Instead {
    NOTHING,
    HELP,
    VERSION
  }

  Instead instead = Instead.NOTHING;
  final ConnectionOptions connection = new ConnectionOptions();
  @Nullable Path directory;
  @Nullable String slot;
  boolean createSlot;
  boolean dropSlot;
  boolean ifNotExists;
  boolean synchronous;
  boolean noSync;
  boolean noVerify;
  boolean noLoop;
  boolean verbose;
  Duration statusInterval = Duration.ofSeconds(10);
  Compression compression = Compression.NONE;

  /// 0 when not given.
  long endLsn;

  private ReceiveArguments() {}

  /// @throws UsageException for what pg_receivewal refuses
  /// @throws GetOptLong.WrongOptionException for what getopt_long refuses
  static ReceiveArguments parse(List<String> arguments) {
    var given = new ReceiveArguments();
    List<String> superfluous;
    try {
      superfluous = GetOptLong.parse(arguments, OPTIONS, given::take);
    } catch (AnsweredInstead answered) {
      return given;
    }
    if (!superfluous.isEmpty()) {
      throw new UsageException(
          "too many command-line arguments (first is \"%s\")".formatted(superfluous.getFirst()));
    }
    given.checkTogether();
    return given;
  }

  /// Ends parsing: the rest of the command line does not matter.
  private static final class AnsweredInstead extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private void take(Option option, @Nullable String given) {
    String value = given == null ? "" : given;
    switch (option.name()) {
      case "help" -> insteadOfReceiving(Instead.HELP);
      case "version" -> insteadOfReceiving(Instead.VERSION);
      case "directory" -> directory = Path.of(value);
      case "dbname" -> connection.connectionString = value;
      case "endpos" -> endLsn = position(value);
      case "host" -> connection.host = value;
      case "port" -> connection.port = value;
      case "username" -> connection.user = value;
      case "no-loop" -> noLoop = true;
      case "no-password" -> connection.noPassword = true;
      case "password" -> connection.forcePassword = true;
      case "status-interval" -> statusInterval = interval(value);
      case "slot" -> slot = value;
      case "verbose" -> verbose = true;
      case "compress" -> compression = CompressOption.parse(value);
      case "create-slot" -> createSlot = true;
      case "drop-slot" -> dropSlot = true;
      case "if-not-exists" -> ifNotExists = true;
      case "synchronous" -> synchronous = true;
      case "no-sync" -> noSync = true;
      case "no-verify" -> noVerify = true;
      default -> throw new IllegalStateException(option.name());
    }
  }

  private void insteadOfReceiving(Instead answer) {
    instead = answer;
    throw new AnsweredInstead();
  }

  private static long position(String text) {
    try {
      return Lsn.parse(text).value();
    } catch (IllegalArgumentException e) {
      throw new UsageException("could not parse end position \"%s\"".formatted(text));
    }
  }

  private static Duration interval(String text) {
    int seconds;
    try {
      seconds = Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new UsageException(
          "invalid value \"%s\" for option -s/--status-interval".formatted(text));
    }
    if (seconds < 0 || seconds > STATUS_INTERVAL_MAX) {
      throw new UsageException(
          "-s/--status-interval must be in range 0..%d".formatted(STATUS_INTERVAL_MAX));
    }
    return Duration.ofSeconds(seconds);
  }

  private void checkTogether() {
    boolean slotAction = createSlot || dropSlot;
    if (createSlot && dropSlot) {
      throw new UsageException("cannot use --create-slot together with --drop-slot");
    }
    if (slotAction && slot == null) {
      throw new UsageException(
          "%s needs a slot to be specified using --slot"
              .formatted(dropSlot ? "--drop-slot" : "--create-slot"));
    }
    if (synchronous && noSync) {
      throw new UsageException("cannot use --synchronous together with --no-sync");
    }
    if (directory == null && !slotAction) {
      throw new UsageException("no target directory specified");
    }
  }
}
