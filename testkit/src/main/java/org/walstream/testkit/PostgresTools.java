package org.walstream.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// PostgreSQL's own client tools of one major version: the originals that ours are compared with.
///
/// Looked for in `$WALSTREAM_PG18_BIN` (18 being the major), in `/usr/lib/postgresql/18/bin`, and
/// where `scripts/postgres-tools` puts them. Not every tool is in every place: ask [#has].
public record PostgresTools(Path bin) {

  /// The majors whose tools no Debian suite offers, so that `scripts/postgres-tools` has nowhere to
  /// fetch them from: tests run with these where somebody has installed them, and are skipped
  /// elsewhere, in CI too. The list is `scripts/postgres-versions`' majors without a suite.
  static final List<Integer> NOT_OFFERED = List.of(16);

  /// The tools of version `major`, or empty when they are nowhere to be found.
  public static Optional<PostgresTools> find(int major) {
    return candidates(major).stream()
        .map(PostgresTools::new)
        .filter(tools -> tools.has("pg_receivewal"))
        .findFirst();
  }

  /// For tests: the tools of version `major` if `tool` is among them. Where they are empty, a test
  /// is skipped with [#missing] as its reason.
  ///
  /// @throws IllegalStateException if they are missing in CI ([Prerequisite]), unless they are
  ///   those that nobody offers
  public static Optional<PostgresTools> forTest(int major, String tool) {
    var tools = find(major).filter(found -> found.has(tool));
    if (!NOT_OFFERED.contains(major)) {
      Prerequisite.met(tools.isPresent(), missing(major, tool));
    }
    return tools;
  }

  /// What to say of `tool` when it is nowhere to be found.
  public static String missing(int major, String tool) {
    return "PostgreSQL %d's %s is not here (%s)"
        .formatted(
            major,
            tool,
            NOT_OFFERED.contains(major)
                ? "no Debian suite offers it: install it, or set WALSTREAM_PG%d_BIN"
                    .formatted(major)
                : "scripts/postgres-tools %d fetches it".formatted(major));
  }

  /// @throws IllegalStateException saying how to get them, when they are nowhere to be found
  public static PostgresTools require(int major) {
    return find(major)
        .orElseThrow(() ->
            new IllegalStateException(
                "PostgreSQL %d's client tools are in none of %s: run scripts/postgres-tools %d"
                    .formatted(major, candidates(major), major)));
  }

  public boolean has(String tool) {
    return Files.isExecutable(bin.resolve(tool));
  }

  /// The words that run `tool` with `arguments`: for a ProcessBuilder or a [CrashProcess].
  public List<String> command(String tool, String... arguments) {
    if (!has(tool)) {
      throw new IllegalArgumentException("there is no " + tool + " in \"" + bin + "\"");
    }
    var words = new ArrayList<>(List.of(bin.resolve(tool).toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  /// Runs `tool` to its end and returns what it printed, standard error included.
  ///
  /// @throws IllegalStateException unless it exits with 0
  public String run(String tool, String... arguments) {
    return Command.require(command(tool, arguments));
  }

  private static List<Path> candidates(int major) {
    var candidates = new ArrayList<Path>();
    var given = System.getenv("WALSTREAM_PG%d_BIN".formatted(major));
    if (given != null && !given.isEmpty()) {
      candidates.add(Path.of(given));
    }
    candidates.add(Path.of("/usr/lib/postgresql/%d/bin".formatted(major)));
    candidates.add(CacheDirectory.root().resolve("tools/%d/bin".formatted(major)));
    return candidates;
  }
}
