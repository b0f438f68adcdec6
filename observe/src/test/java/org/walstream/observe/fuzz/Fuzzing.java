package org.walstream.observe.fuzz;

import java.io.IOException;
import java.util.Locale;

/// What `scripts/fuzz` gives to Jazzer, which changes inputs by what of the code they reach.
public final class Fuzzing {

  private static FuzzTarget target = FuzzTarget.MESSAGE;

  private Fuzzing() {}

  /// @param arguments the target's name
  public static void fuzzerInitialize(String[] arguments) {
    target = FuzzTarget.valueOf(arguments[0].toUpperCase(Locale.ROOT));
  }

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    target.feed(input);
  }
}
