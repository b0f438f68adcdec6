package org.walstream.cli.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.CommandRunner;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.Subcommand;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.node.Finding;
import org.walstream.node.NodeCheck;
import org.walstream.node.NodeDirectory;
import org.walstream.node.UpstreamCheck;
import org.walstream.store.check.WalCheck;
import org.walstream.store.check.WalReport;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// `walstream check`: of a directory of WAL, of a node, or of a server that is to be streamed from.
public final class CheckCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("check", "[OPTION]...")
          .about(
              """
              Looks for what is wrong, and changes nothing. With --wal, every record of a
              directory of WAL is proven, on all processors; else a node's files, disk,
              slots and upstream are looked at, and each finding says what to do.\
              """)
          .example("walstream check --wal /backup/wal")
          .section(
              "What to look at",
              Option.value("wal", "DIR", "a directory of WAL, of any tool, or a data directory"),
              Option.value('D', "directory", "DIR", "a node, running or not, and its upstream"),
              Option.value('d', "dbname", "CONNSTR", "a server, before anything streams from it"),
              Option.value('S', "slot", "NAME", "with --dbname: the slot to stream from"))
          .section(
              "Options",
              Option.value('j', "jobs", "NUM", "with --wal: threads (default: all processors)"),
              Option.flag("json", "answer as one JSON object"),
              Option.VERSION,
              Option.HELP)
          .footer("Exit status: 0 when nothing is wrong, 1 otherwise. Warnings are not wrong.")
          .build();

  private @Nullable Path wal;
  private @Nullable Path node;
  private @Nullable String upstream;
  private @Nullable String slot;
  private int jobs = Runtime.getRuntime().availableProcessors();
  private boolean json;

  public CheckCommand() {}

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "wal" -> wal = Path.of(given.value());
      case "directory" -> node = Path.of(given.value());
      case "dbname" -> upstream = given.value();
      case "slot" -> slot = given.value();
      case "jobs" -> jobs = given.integer(1, 1024);
      case "json" -> json = true;
      default -> throw new IllegalStateException(given.name());
    }
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
    if (wal == null && node == null && upstream == null) {
      throw new UsageException("nothing to check: give --wal, -D or -d");
    }
    if (slot != null && upstream == null) {
      throw new UsageException("--slot needs --dbname");
    }
    if (wal != null && (node != null || upstream != null)) {
      throw new UsageException("--wal cannot be used together with -D or -d");
    }
  }

  @Override
  public int run(Diagnostics diagnostics) throws IOException {
    return wal == null ? checkServers(diagnostics) : checkWal(wal);
  }

  private int checkWal(Path given) throws IOException {
    boolean data = Files.exists(given.resolve("global/pg_control"));
    Path directory = data ? given.resolve("pg_wal") : given;
    Path beside = directory.toAbsolutePath().normalize().resolveSibling("global/pg_control");
    long begun = System.nanoTime();
    WalReport report = WalCheck.run(directory, Files.exists(beside), jobs);
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.print(
        json ? WalReportText.json(report) + "\n" : WalReportText.lines(report, seconds));
    return report.isGood() ? 0 : 1;
  }

  private int checkServers(Diagnostics diagnostics) throws IOException {
    var findings = new ArrayList<Finding>();
    if (node != null) {
      findings.addAll(NodeCheck.of(new NodeDirectory(node)));
    }
    if (upstream != null) {
      findings.addAll(
          new UpstreamCheck(
                  ConnInfo.parse(upstream),
                  LibpqEnvironment.ofProcess(diagnostics::warning),
                  Optional.ofNullable(slot),
                  OptionalLong.empty())
              .run(false));
    }
    System.out.print(json ? FindingsText.json(findings) + "\n" : FindingsText.lines(findings));
    return findings.stream().anyMatch(f -> f.level() == Finding.Level.ERROR) ? 1 : 0;
  }
}
