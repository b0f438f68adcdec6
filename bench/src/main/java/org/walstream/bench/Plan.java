package org.walstream.bench;

/// How much is measured.
///
/// @param quick little WAL: to see that all works
/// @param rounds runs of each contestant, of which the median counts
/// @param cold whether to measure with cold memory as well
record Plan(boolean quick, int rounds, boolean cold) {

  /// About how much WAL the source holds.
  long walBytes() {
    return quick ? 96_000_000L : 1_500_000_000L;
  }
}
