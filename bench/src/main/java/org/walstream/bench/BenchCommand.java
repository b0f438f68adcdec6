package org.walstream.bench;

import java.util.List;
import java.util.concurrent.Callable;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.OptionParser;
import org.walstream.cli.Subcommand;
import org.walstream.cli.UsageException;
import org.walstream.soak.Soak;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `walstream bench`.
public final class BenchCommand implements Subcommand {

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "measure beside PostgreSQL's own tools";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream bench",
      sortOptions = false,
      header = {
        "Measures Walstream beside PostgreSQL 18's own tools, both doing the same work in",
        "turns on this machine, and prints a table in Markdown.",
        "",
        "Example:",
        "  walstream bench receive",
        "",
        "  receive  1.5 GB of WAL into a directory: walstream receive and pg_receivewal",
        "  send     WAL to 1, 10 and 50 receivers: a relay and PostgreSQL's walsenders,",
        "           and the memory of a relay with 500 receivers",
        "  relay    the time from COMMIT to a receiver: through a relay, and through a",
        "           cascading PostgreSQL standby",
        "  waldump  reads 1.5 GB of WAL: walstream waldump and pg_waldump, statistics and",
        "           the whole text",
        "  soak     measures nothing: gigabytes through a relay while primary, relay and",
        "           standby are killed again and again; at the end all must be the same",
        ""
      })
  static final class Options implements Callable<Integer> {

    @Parameters(paramLabel = "receive|send|relay|waldump|soak", description = "what to do")
    String subject = "";

    @Option(names = "--rounds", paramLabel = "N", description = "runs of each; 5 unless --quick")
    int rounds;

    @Option(
        names = "--quick",
        description = "little WAL and one round: shows that all works, measures nothing")
    boolean quick;

    @Option(
        names = "--warm-only",
        description = "receive: leave out the runs that start with cold memory")
    boolean warmOnly;

    @Option(
        names = "--megabytes",
        paramLabel = "N",
        description = "soak: how much WAL (default 10240)")
    long megabytes = 10_240;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "soak: which kills, at which moments (default 1)")
    long seed = 1;

    @Override
    public Integer call() throws Exception {
      if (subject.equals("soak")) {
        return Soak.run(WalstreamProgram::command, megabytes, seed, System.out) ? 0 : 1;
      }
      var plan = new Plan(quick, rounds > 0 ? rounds : quick ? 1 : 5, !quick && !warmOnly);
      var diagnostics = Diagnostics.of("bench");
      try {
        System.out.println(
            switch (subject) {
              case "receive" -> new ReceiveBench(plan, diagnostics::info).run();
              case "send" -> new SendBench(plan, diagnostics::info).run();
              case "relay" -> new RelayBench(plan, diagnostics::info).run();
              case "waldump" -> new WaldumpBench(plan, diagnostics::info).run();
              default ->
                  throw new UsageException(
                      "\"" + subject + "\" is none of: receive, send, relay, waldump, soak");
            });
        return 0;
      } catch (AssertionError e) { // waited long enough for something
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
  }
}
