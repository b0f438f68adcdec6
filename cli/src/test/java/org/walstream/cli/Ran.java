package org.walstream.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a call of the program within this process came to.
record Ran(int exitCode, String output, String errors) {

  /// `walstream WORDS…`
  static Ran walstream(String... words) {
    return as("walstream", words);
  }

  /// The program called by another name: `pg_waldump WORDS…`.
  static Ran as(String name, String... words) {
    var out = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errorsBefore = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      int exitCode = new Main(System.out, System.err).run(name, List.of(words));
      return new Ran(
          exitCode, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errorsBefore);
    }
  }
}
