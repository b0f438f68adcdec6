package org.walstream.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// What the system itself does when a signal comes: signal(2), which the JDK does not offer.
final class SignalAction {

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
