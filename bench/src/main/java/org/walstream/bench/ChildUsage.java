package org.walstream.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/// CPU time of the child processes that have ended, as the kernel has added it up: exact, children
/// of children included, and there even when the child ends between two looks at /proc.
///
/// ```
/// struct rusage
/// offset  bytes  field
///      0      8  ru_utime.tv_sec       user time
///      8      8  ru_utime.tv_usec
///     16      8  ru_stime.tv_sec       system time
///     24      8  ru_stime.tv_usec
///     32         ru_maxrss ...         the largest child ever, so of no use here
/// ```
final class ChildUsage {

  private static final int RUSAGE_CHILDREN = -1;
  private static final int STRUCT_BYTES = 144;

  private static final MethodHandle GETRUSAGE =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("getrusage"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

  private ChildUsage() {}

  /// User and system time together, of all children that have ended so far.
  static double cpuSeconds() {
    try (var arena = Arena.ofConfined()) {
      var usage = arena.allocate(STRUCT_BYTES, Long.BYTES);
      var result = (int) GETRUSAGE.invokeExact(RUSAGE_CHILDREN, usage);
      if (result != 0) {
        throw new IllegalStateException("getrusage failed");
      }
      return usage.get(JAVA_LONG, 0)
          + usage.get(JAVA_LONG, 16)
          + (usage.get(JAVA_LONG, 8) + usage.get(JAVA_LONG, 24)) / 1e6;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("getrusage failed", e);
    }
  }
}
