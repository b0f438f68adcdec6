package org.walstream.cli.waldump;

import org.walstream.cli.line.UsageException;
import org.walstream.wal.rmgr.Rmgr;

/// Names for every resource manager and record type, also for those of extensions, whose own names
/// only the server knows.
///
/// Counterpart of src/bin/pg_waldump/rmgrdesc.c.
final class RmgrNames {

  private static final String CUSTOM_PREFIX = "custom";

  private RmgrNames() {}

  /// `Heap2`, or `custom128`.
  static String of(int id) {
    Rmgr rmgr = Rmgr.ofId(id);
    return rmgr != null ? rmgr.rmgrName() : "%s%03d".formatted(CUSTOM_PREFIX, id);
  }

  /// `UNKNOWN (f0)`
  static String unknownType(int info) {
    return "UNKNOWN (" + Integer.toHexString(info & 0xF0) + ")";
  }

  /// The number of the resource manager of this name, whatever its case.
  ///
  /// @throws UsageException when there is none
  static int number(String name) {
    var custom = ScanF.after(CUSTOM_PREFIX, name, 3);
    if (custom.isPresent()) {
      long id = custom.getAsLong();
      if (id < Rmgr.MIN_CUSTOM_ID || id > 255) {
        throw new UsageException("custom resource manager \"%s\" does not exist".formatted(name));
      }
      return (int) id;
    }
    return Rmgr.named(name)
        .orElseThrow(
            () -> new UsageException("resource manager \"%s\" does not exist".formatted(name)))
        .id();
  }

  /// What `--rmgr=list` prints.
  static String list() {
    var list = new StringBuilder();
    for (Rmgr rmgr : Rmgr.values()) {
      list.append(rmgr.rmgrName()).append('\n');
    }
    return list.toString();
  }
}
