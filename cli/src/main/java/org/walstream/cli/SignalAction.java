package org.walstream.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// What the system itself does when a signal comes, and how one is sent: signal(2) and kill(2),
/// which the JDK does not offer.
final class SignalAction {

  private static final int EPERM = 1;
  private static final int ESRCH = 3;

  private static final MemorySegment SIG_DFL = MemorySegment.NULL;

  private SignalAction() {}

  /// Gives a signal that is ignored its default action back.
  static void restore(int signal) {
    set(signal, SIG_DFL);
  }

  /// The signal ends the process at once, with its number as exit code: nothing more is done, not
  /// by the JVM either. The C library's `_exit` takes a number, as a handler does.
  static void exit(int signal) {
    set(signal, Linker.nativeLinker().defaultLookup().findOrThrow("_exit"));
  }

  /// Sends a signal to another process.
  ///
  /// @return what the system says against it, as strerror() words it; empty if it was sent
  static String send(long pid, int signal) {
    Linker linker = Linker.nativeLinker();
    MethodHandle function =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    StructLayout state = Linker.Option.captureStateLayout();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = arena.allocate(state);
      int status = (int) function.invokeExact(captured, Math.toIntExact(pid), signal);
      return status == 0 ? "" : reason(captured.get(ValueLayout.JAVA_INT, errno(state)));
    } catch (Throwable e) {
      throw new IllegalStateException("could not call kill()", e);
    }
  }

  private static long errno(StructLayout state) {
    return state.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  }

  private static String reason(int errno) {
    return switch (errno) {
      case EPERM -> "Operation not permitted";
      case ESRCH -> "No such process";
      default -> "error " + errno;
    };
  }

  private static void set(int signal, MemorySegment action) {
    Linker linker = Linker.nativeLinker();
    MethodHandle function =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("signal"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try {
      // Its answer, the action before, says nothing new; a number that is no signal ends in the
      // caller's check.
      MemorySegment _ = (MemorySegment) function.invokeExact(signal, action);
    } catch (Throwable e) {
      throw new IllegalStateException("could not call signal()", e);
    }
  }
}
