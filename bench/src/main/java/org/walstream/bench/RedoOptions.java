package org.walstream.bench;

import static org.walstream.cli.line.Option.flag;
import static org.walstream.cli.line.Option.value;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;

/// What the command line asks of [RedoBench] alone.
///
/// Written while the command line is read, unchanged from then on.
final class RedoOptions {

  private static final int WORKERS_MAX = 1024;
  private static final int BUFFERS_MAX = 1 << 20;

  static final Option[] TABLE = {
    value("workload", "LIST", "some of " + RedoWorkload.names() + " (default: all)"),
    value("base", "DIR", "a base backup of one's own instead, with the WAL in --wal"),
    value("wal", "DIR", "plain segments, as in an archive; replayed up to the last checkpoint"),
    flag("in-place", "WAL is in pg_wal already; else fetched by cp and from --wal"),
    flag("cold", "drop the kernel's caches before each run (as root)"),
    value("workers", "LIST", "threads of walstream replay, a row each (default: 1,2)"),
    value("buffers", "MB", "of both programs (default: 512, or 128 for random)"),
    value("keep", "DIR", "keep generated backups and WAL there, and use what is there"),
  };

  List<RedoWorkload> workloads = List.of(RedoWorkload.values());
  List<Integer> workers = List.of(1, 2);
  OptionalInt bufferMegabytes = OptionalInt.empty();
  boolean inPlace;
  boolean cold;
  @Nullable Path keep;

  private boolean choosesWorkloads;
  private @Nullable Path base;
  private @Nullable Path wal;

  /// A base backup and its WAL, given instead of a workload.
  record OwnInput(Path base, Path wal) {}

  /// @return whether it is an option of ours
  boolean take(Given given) {
    switch (given.name()) {
      case "workload" -> {
        workloads = words(given).map(RedoOptions::workload).toList();
        choosesWorkloads = true;
      }
      case "base" -> base = Path.of(given.value()).toAbsolutePath();
      case "wal" -> wal = Path.of(given.value()).toAbsolutePath();
      case "in-place" -> inPlace = true;
      case "cold" -> cold = true;
      case "workers" ->
          workers =
              words(given)
                  .map(word -> new Given(given.option(), word).integer(1, WORKERS_MAX))
                  .toList();
      case "buffers" -> bufferMegabytes = OptionalInt.of(given.integer(1, BUFFERS_MAX));
      case "keep" -> keep = Path.of(given.value()).toAbsolutePath();
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Null when workloads are to be generated.
  ///
  /// @throws UsageException unless it is clear what is to be replayed
  @Nullable OwnInput ownInput() {
    if (base == null && wal == null) {
      return null;
    }
    if (base == null || wal == null) {
      throw new UsageException("--base and --wal must be given together");
    }
    if (choosesWorkloads) {
      throw new UsageException("cannot use --base together with --workload");
    }
    return new OwnInput(base, wal);
  }

  private static Stream<String> words(Given given) {
    return Arrays.stream(given.value().split(",", -1)).map(String::strip);
  }

  private static RedoWorkload workload(String name) {
    return RedoWorkload.named(name)
        .orElseThrow(() ->
            new UsageException("\"%s\" is none of: %s".formatted(name, RedoWorkload.names())));
  }
}
