package org.walstream.wal.record;

/// One of the files that a relation consists of.
///
/// Counterpart of ForkNumber, src/include/common/relpath.h.
public enum ForkNumber {
  MAIN("main"),
  FSM("fsm"),
  VISIBILITY_MAP("vm"),
  INIT("init");

  private static final ForkNumber[] VALUES = values();

  private final String forkName;

  ForkNumber(String forkName) {
    this.forkName = forkName;
  }

  /// True when there is a fork of this number; a record's four bits can say more.
  public static boolean isValid(int number) {
    return number >= 0 && number < VALUES.length;
  }

  /// @throws ArrayIndexOutOfBoundsException unless [#isValid]
  public static ForkNumber of(int number) {
    return VALUES[number];
  }

  /// The name as PostgreSQL's tools print and take it: `main`, `fsm`, `vm`, `init`.
  public String forkName() {
    return forkName;
  }
}
