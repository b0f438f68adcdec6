package org.walstream.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// One run: so many bytes, in so much time, with so much of the machine.
record Run(long bytes, double seconds, double cpuSeconds, long memoryBytes) {

  double megabytesPerSecond() {
    return bytes / seconds / 1e6;
  }

  double cpuSecondsPerGigabyte() {
    return cpuSeconds / (bytes / 1e9);
  }

  double memoryMebibytes() {
    return memoryBytes / (double) (1 << 20);
  }

  /// The median of one figure; of an even number of runs, the lower of the two in the middle.
  static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    var sorted =
        runs.stream().map(figure::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    return sorted.get((sorted.size() - 1) / 2);
  }
}
