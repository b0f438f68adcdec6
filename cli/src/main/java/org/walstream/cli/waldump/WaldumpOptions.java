package org.walstream.cli.waldump;

import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.GetOptLong;
import org.walstream.cli.GetOptLong.Argument;
import org.walstream.cli.GetOptLong.Option;
import org.walstream.cli.UsageException;
import org.walstream.wal.TimelineId;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// What the command line asks for. Values are checked in the order in which they stand there, as
/// pg_waldump does, and refused in its words.
///
/// Written while the command line is read, unchanged from then on.
final class WaldumpOptions {

  private static final char NO_LETTER = '\0';

  private static final List<Option> OPTIONS =
      List.of(
          new Option("bkp-details", 'b', Argument.NONE),
          new Option("block", 'B', Argument.REQUIRED),
          new Option("end", 'e', Argument.REQUIRED),
          new Option("follow", 'f', Argument.NONE),
          new Option("fork", 'F', Argument.REQUIRED),
          new Option("fullpage", 'w', Argument.NONE),
          new Option("help", '?', Argument.NONE),
          new Option("limit", 'n', Argument.REQUIRED),
          new Option("path", 'p', Argument.REQUIRED),
          new Option("quiet", 'q', Argument.NONE),
          new Option("relation", 'R', Argument.REQUIRED),
          new Option("rmgr", 'r', Argument.REQUIRED),
          new Option("start", 's', Argument.REQUIRED),
          new Option("timeline", 't', Argument.REQUIRED),
          new Option("xid", 'x', Argument.REQUIRED),
          new Option("version", 'V', Argument.NONE),
          new Option("stats", 'z', Argument.OPTIONAL),
          new Option("save-fullpage", NO_LETTER, Argument.REQUIRED),
          // What follows, pg_waldump does not have: its abbreviations stay what they are.
          new Option("dbname", 'd', Argument.REQUIRED, false),
          new Option("from", NO_LETTER, Argument.REQUIRED, false),
          new Option("json", NO_LETTER, Argument.NONE, false),
          new Option("map", NO_LETTER, Argument.REQUIRED, false),
          new Option("to", NO_LETTER, Argument.REQUIRED, false));

  /// Asked for in place of a dump.
  enum Instead {
    NOTHING,
    HELP,
    VERSION,
    RMGR_LIST
  }

  final RecordFilter filter = new RecordFilter();
  Instead instead = Instead.NOTHING;
  boolean blockDetails;
  boolean follow;
  boolean quiet;
  boolean statistics;
  boolean statisticsPerRecord;

  /// How many records to show; 0 or less: all.
  int limit;

  /// 0 when not given.
  long startLsn;

  /// 0 when not given.
  long endLsn;

  TimelineId timeline = TimelineId.FIRST;
  boolean timelineGiven;
  @Nullable String path;
  @Nullable String saveFullPage;
  @Nullable String startSegment;
  @Nullable String endSegment;

  /// A server to read from in place of files.
  @Nullable String dbname;

  TimeWindow window = TimeWindow.ALL;
  boolean json;
  @Nullable String map;

  /// What `--relation` says, if it is not three numbers: a name to be looked up in the map.
  @Nullable String relationName;

  private WaldumpOptions() {}

  /// @throws UsageException for what pg_waldump refuses
  /// @throws GetOptLong.WrongOptionException for what getopt_long refuses
  static WaldumpOptions parse(List<String> arguments) {
    var options = new WaldumpOptions();
    if (arguments.isEmpty()) {
      throw new UsageException("no arguments specified");
    }
    try {
      options.operands(GetOptLong.parse(arguments, OPTIONS, options::take));
    } catch (AnsweredInstead answered) {
      return options;
    }
    return options;
  }

  /// Ends parsing: the rest of the command line does not matter.
  private static final class AnsweredInstead extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private void take(Option option, @Nullable String given) {
    String value = given == null ? "" : given;
    switch (option.name()) {
      case "bkp-details" -> blockDetails = true;
      case "block" -> filter.block(block(value));
      case "end" -> endLsn = position(value);
      case "follow" -> follow = true;
      case "fork" -> filter.fork(fork(value));
      case "fullpage" -> filter.fullPage();
      case "help" -> insteadOfDump(Instead.HELP);
      case "limit" -> limit = limit(value);
      case "path" -> path = value;
      case "quiet" -> quiet = true;
      case "relation" -> relation(value);
      case "rmgr" -> rmgr(value);
      case "start" -> startLsn = position(value);
      case "timeline" -> {
        timeline = timeline(value);
        timelineGiven = true;
      }
      case "xid" -> filter.xid(xid(value));
      case "version" -> insteadOfDump(Instead.VERSION);
      case "stats" -> statistics(given);
      case "save-fullpage" -> saveFullPage = value;
      case "dbname" -> dbname = value;
      case "from" -> window = new TimeWindow(time(value, "--from"), window.to());
      case "json" -> json = true;
      case "map" -> map = value;
      case "to" -> window = new TimeWindow(window.from(), time(value, "--to"));
      default -> throw new IllegalStateException(option.name());
    }
  }

  private void operands(List<String> operands) {
    if (relationName != null && map == null) {
      throw new UsageException(
          "invalid relation specification: \"%s\"".formatted(relationName),
          "Expecting \"tablespace OID/database OID/relation filenode\".");
    }
    if (filter.wantsBlock() && !filter.wantsRelation() && relationName == null) {
      throw new UsageException("option -B/--block requires option -R/--relation to be specified");
    }
    if (operands.size() > 2) {
      throw new UsageException(
          "too many command-line arguments (first is \"%s\")".formatted(operands.get(2)));
    }
    checkTogether(!operands.isEmpty());
    startSegment = operands.isEmpty() ? null : operands.get(0);
    endSegment = operands.size() < 2 ? null : operands.get(1);
  }

  private void checkTogether(boolean segments) {
    if (dbname != null && (segments || path != null)) {
      throw new UsageException("cannot read files and use -d/--dbname");
    }
    if (!window.isAll() && (dbname != null || follow)) {
      throw new UsageException("cannot use --from or --to together with --follow or -d/--dbname");
    }
    if (json && statistics) {
      throw new UsageException("cannot use --json together with -z/--stats");
    }
  }

  private static OptionalLong time(String value, String option) {
    return OptionalLong.of(TimeWindow.parse(value, option, ZoneId.systemDefault()));
  }

  private void insteadOfDump(Instead what) {
    instead = what;
    throw new AnsweredInstead();
  }

  private void rmgr(String name) {
    if (name.equalsIgnoreCase("list")) {
      insteadOfDump(Instead.RMGR_LIST);
    }
    filter.rmgr(RmgrNames.number(name));
  }

  private void statistics(@Nullable String what) {
    statistics = true;
    statisticsPerRecord = "record".equals(what);
    if (what != null && !statisticsPerRecord && !what.equals("rmgr")) {
      throw new UsageException("unrecognized value for option --stats: " + what);
    }
  }

  private static int block(String value) {
    OptionalLong number = ScanF.unsigned(value);
    if (number.isEmpty() || number.getAsLong() == 0xFFFF_FFFFL) {
      throw new UsageException("invalid block number: \"%s\"".formatted(value));
    }
    return (int) number.getAsLong();
  }

  private static long position(String value) {
    return ScanF.lsn(value)
        .orElseThrow(() -> new UsageException("invalid WAL location: \"%s\"".formatted(value)));
  }

  private static int fork(String value) {
    for (int number = 0; ForkNumber.isValid(number); number++) {
      if (ForkNumber.of(number).forkName().equals(value)) {
        return number;
      }
    }
    throw new UsageException("invalid fork name: \"%s\"".formatted(value));
  }

  private static int limit(String value) {
    return (int)
        ScanF.unsigned(value)
            .orElseThrow(() ->
                new UsageException("invalid value \"%s\" for option -n/--limit".formatted(value)));
  }

  private void relation(String value) {
    int[] numbers = ScanF.triple(value);
    if (numbers.length == 0 || numbers[0] == 0 || numbers[2] == 0) {
      relationName = value;
    } else {
      filter.relations(List.of(new RelFileLocator(numbers[0], numbers[1], numbers[2])));
    }
  }

  private static int xid(String value) {
    return (int)
        ScanF.unsigned(value)
            .orElseThrow(() ->
                new UsageException(
                    "invalid transaction ID specification: \"%s\"".formatted(value)));
  }

  /// Decimal, octal or hexadecimal.
  private static TimelineId timeline(String value) {
    long number;
    try {
      number = Long.decode(value.strip());
    } catch (NumberFormatException e) {
      throw new UsageException("invalid value \"%s\" for option -t/--timeline".formatted(value));
    }
    if (number < 1 || number > 0xFFFF_FFFFL) {
      throw new UsageException("-t/--timeline must be in range 1..4294967295");
    }
    return new TimelineId((int) number);
  }
}
