package org.walstream.wal.record;

/// One of the files that a relation consists of.
///
/// Counterpart of ForkNumber, src/include/common/relpath.h.
public enum ForkNumber {
  MAIN(0, "main"),
  FSM(1, "fsm"),
  VISIBILITY_MAP(2, "vm"),
  INIT(3, "init");

  private static final ForkNumber[] VALUES = values();

  private final int number;
  private final String forkName;

  ForkNumber(int number, String forkName) {
    this.number = number;
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

  /// The number by which records know it.
  public int number() {
    return number;
  }

  /// The name as PostgreSQL's tools print and take it: `main`, `fsm`, `vm`, `init`.
  public String forkName() {
    return forkName;
  }
}
