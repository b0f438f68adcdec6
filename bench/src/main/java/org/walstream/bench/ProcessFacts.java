package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// What /proc tells of a running process. Zero everywhere where there is no /proc, or no such
/// process any more.
final class ProcessFacts {

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux

  private ProcessFacts() {}

  /// The largest resident size so far (VmHWM), in bytes.
  static long peakResident(long pid) {
    return sum(pid, "status", List.of("VmHWM:"));
  }

  /// The largest resident size so far of any one of the process's children, in bytes. What children
  /// share counts for each.
  static long peakResidentOfChildren(long pid) {
    return children(pid).stream().mapToLong(ProcessFacts::peakResident).max().orElse(0);
  }

  /// The processes that the first thread of `pid` has started and that have not ended.
  static List<Long> children(long pid) {
    return Pattern.compile("\\d+")
        .matcher(read(pid, "task/" + pid + "/children"))
        .results()
        .map(child -> Long.valueOf(child.group()))
        .toList();
  }

  /// The resident size now (VmRSS), in bytes.
  static long resident(long pid) {
    return sum(pid, "status", List.of("VmRSS:"));
  }

  /// The resident size now, of which what is shared with others counts in part (Pss), in bytes:
  /// those of processes that share memory add up to what they take together.
  static long proportional(long pid) {
    return sum(pid, "smaps_rollup", List.of("Pss:"));
  }

  /// Memory that ends with the process, in bytes: what one of many like it costs.
  static long privateBytes(long pid) {
    return sum(pid, "smaps_rollup", List.of("Private_Clean:", "Private_Dirty:"));
  }

  /// CPU time of the process itself.
  static double cpuSeconds(long pid) {
    return ticks(pid, 13, 14) / TICKS_PER_SECOND; // utime, stime
  }

  /// CPU time of those children of the process that have ended.
  static double endedChildrenCpuSeconds(long pid) {
    return ticks(pid, 15, 16) / TICKS_PER_SECOND; // cutime, cstime
  }

  private static long ticks(long pid, int first, int second) {
    var stat = read(pid, "stat");
    if (stat.isEmpty()) {
      return 0;
    }
    // pid (name) state ...: the name may hold blanks, so count from behind it
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[first - 2]) + Long.parseLong(fields[second - 2]);
  }

  private static long sum(long pid, String file, List<String> names) {
    return read(pid, file)
        .lines()
        .filter(line -> names.stream().anyMatch(line::startsWith))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .sum();
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(pid), file));
    } catch (IOException e) {
      return "";
    }
  }
}
