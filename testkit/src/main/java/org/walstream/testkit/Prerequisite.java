package org.walstream.testkit;

import java.util.Map;

/// What a test needs of the machine and we do not bring along: tools, files.
///
/// Where it is missing, a person's test is skipped and says so. In CI (`CI=true` in the
/// environment, as every service sets it) nobody reads what was skipped, so there it is an error:
/// this class decides.
public final class Prerequisite {

  private Prerequisite() {}

  /// Whether the test can run.
  ///
  /// ```java
  /// assumeTrue(Prerequisite.met(isHere, WHAT), WHAT);
  /// ```
  ///
  /// @param what what is missing if it is, for the error: `PostgreSQL 18's psql is not here`
  /// @throws IllegalStateException if it is missing and this is CI
  public static boolean met(boolean isHere, String what) {
    return met(isHere, what, System.getenv());
  }

  static boolean met(boolean isHere, String what, Map<String, String> environment) {
    if (!isHere && "true".equals(environment.get("CI"))) {
      throw new IllegalStateException(
          what + ", and no test is skipped for what is missing where CI=true");
    }
    return isHere;
  }
}
