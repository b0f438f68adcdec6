package org.walstream.redo.relation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.record.ForkNumber;

/// The name of a file in a database's directory that belongs to a relation: `1234`, `1234.1`,
/// `1234_fsm`, `1234_init.2`.
///
/// Counterpart of parse_filename_for_nontemp_relation(), src/backend/storage/file/reinit.c.
///
/// @param relNumber unsigned, not 0
/// @param segment which piece of the fork; the first has no number in its name
public record RelationFileName(int relNumber, ForkNumber fork, int segment) {

  // 1: relation, 2: fork, 3: segment. Zeros in front are nobody's, and the first segment has none.
  private static final Pattern NAME =
      Pattern.compile("([1-9][0-9]{0,9})(?:_(fsm|vm|init))?(?:\\.([1-9][0-9]{0,9}))?");

  /// What `name` says, or null when no relation has such a file.
  public static @Nullable RelationFileName parse(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      return null;
    }
    long relNumber = Long.parseLong(parts.group(1));
    long segment = parts.group(3) == null ? 0 : Long.parseLong(parts.group(3));
    return relNumber > 0xFFFF_FFFFL || segment > Integer.MAX_VALUE
        ? null
        : new RelationFileName((int) relNumber, fork(parts.group(2)), (int) segment);
  }

  private static ForkNumber fork(@Nullable String name) {
    for (ForkNumber fork : ForkNumber.values()) {
      if (fork.forkName().equals(name)) {
        return fork;
      }
    }
    return ForkNumber.MAIN;
  }

  @Override
  public String toString() {
    return Integer.toUnsignedString(relNumber)
        + (fork == ForkNumber.MAIN ? "" : "_" + fork.forkName())
        + (segment == 0 ? "" : "." + segment);
  }
}
