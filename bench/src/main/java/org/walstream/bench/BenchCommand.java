package org.walstream.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.CommandRunner;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.Subcommand;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.soak.Soak;

/// `walstream bench`.
public final class BenchCommand implements Subcommand {

  private static final List<String> SUBJECTS =
      List.of(
          "receive",
          "send",
          "sync",
          "relay",
          "tls",
          "connections",
          "waldump",
          "redo",
          "standby",
          "start",
          "soak");
  private static final int ROUNDS = 5;

  private static final CommandTable TABLE =
      CommandTable.of(
              "bench",
              "receive|send|sync|relay|tls|connections|waldump|redo|standby|start|soak [OPTION]...")
          .about(
              """
              Measures Walstream beside PostgreSQL 18's own tools, both doing the same work in
              turns on this machine, and prints a table in Markdown.

                receive  1.5 GB of WAL into a directory: walstream receive and pg_receivewal
                send     WAL to 1, 10 and 50 receivers: a relay and PostgreSQL's walsenders,
                         and the memory of a relay with 500 receivers
                sync     commits that wait for a receiver's disk: pg_receivewal --synchronous,
                         walstream receive --synchronous, and a relay
                relay    the time from COMMIT to a receiver: through a relay, and through a
                         cascading PostgreSQL standby
                tls      receive and send over TLS; how soon a change is notified
                connections
                         the memory of a thousand idle connections, of a thousand over TLS, and of 200
                         standbys that stream beside a thousand
                waldump  reads 1.5 GB of WAL: walstream waldump and pg_waldump, statistics and
                         the whole text
                redo     replays WAL on a base backup: walstream replay and a server in recovery;
                         four workloads, of about 1 GB each, or a backup and WAL of one's own
                standby  a standby of a primary that works, walstream's and PostgreSQL's:
                         catching up, commits until they are replayed, promotion
                start    errands done in no time: PostgreSQL's tools, walstream from the checkout
                         and, with --program, as it is installed
                soak     measures nothing: gigabytes through a relay while primary, relay and
                         standby are killed again and again; at the end all must be the same\
              """)
          .example("walstream bench redo --workload copy,random --rounds 3")
          .section(
              "Options",
              Option.value("rounds", "N", "runs of each (default: 5, or 1 with --quick)"),
              Option.flag(
                  "quick", "little WAL and one round: shows that all works, measures nothing"),
              Option.value("program", "FILE", "start: the walstream of a package"),
              Option.flag("warm-only", "receive: leave out the runs that start with cold memory"),
              Option.value("megabytes", "N", "soak: how much WAL (default: 10240)"),
              Option.value("seconds", "N", "soak: for how long at most (default: no limit)"),
              Option.value("seed", "N", "soak: which kills, at which moments (default: 1)"),
              Option.VERSION,
              Option.HELP)
          .section("Options of redo", RedoOptions.TABLE)
          .build();

  private final RedoOptions redo = new RedoOptions();
  private String subject = "";
  private @Nullable Path program;
  private int rounds;
  private boolean quick;
  private boolean warmOnly;
  private long megabytes = 10_240;
  private long seconds = Long.MAX_VALUE;
  private long seed = 1;

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "rounds" -> rounds = given.integer(1, 1000);
      case "program" -> program = Path.of(given.value());
      case "quick" -> quick = true;
      case "warm-only" -> warmOnly = true;
      case "megabytes" -> megabytes = given.integer(1, Integer.MAX_VALUE);
      case "seconds" -> seconds = given.integer(1, Integer.MAX_VALUE);
      case "seed" -> seed = seed(given.value());
      default -> {
        if (!redo.take(given)) {
          throw new IllegalStateException(given.name());
        }
      }
    }
  }

  private static long seed(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new UsageException("invalid value \"%s\" for option --seed".formatted(text));
    }
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(1, operands);
    if (operands.isEmpty()) {
      throw new UsageException("nothing to measure specified");
    }
    subject = operands.getFirst();
    if (!SUBJECTS.contains(subject)) {
      throw new UsageException(
          "\"%s\" is none of: %s".formatted(subject, String.join(", ", SUBJECTS)));
    }
    redo.ownInput(); // complains
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    if (subject.equals("soak")) {
      return Soak.run(WalstreamProgram::command, megabytes, seconds, seed, System.out) ? 0 : 1;
    }
    var plan = new Plan(quick, rounds > 0 ? rounds : quick ? 1 : ROUNDS, !quick && !warmOnly);
    try {
      System.out.println(
          switch (subject) {
            case "receive" -> new ReceiveBench(plan, diagnostics::info, false).run();
            case "send" -> new SendBench(plan, diagnostics::info).run();
            case "sync" -> new SyncBench(plan, diagnostics::info).run();
            case "relay" -> new RelayBench(plan, diagnostics::info).run();
            case "tls" -> new TlsBench(plan, diagnostics::info).run();
            case "connections" -> new ConnectionBench(plan, diagnostics::info).run();
            case "redo" -> new RedoBench(plan, redo, diagnostics::info).run();
            case "standby" -> new StandbyBench(plan, diagnostics::info).run();
            case "start" -> new StartBench(plan, program, diagnostics::info).run();
            default -> new WaldumpBench(plan, diagnostics::info).run();
          });
      return 0;
    } catch (AssertionError e) { // waited long enough for something
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
