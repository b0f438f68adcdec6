package org.walstream.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Gives a signal that is ignored its default action back: signal(2), which the JDK does not offer.
final class DefaultAction {

  private static final MemorySegment SIG_DFL = MemorySegment.NULL;

  private DefaultAction() {}

  static void restore(int signal) {
    Linker linker = Linker.nativeLinker();
    MethodHandle function =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("signal"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try {
      // Its answer, the action before, says nothing new; a number that is no signal ends in the
      // caller's check.
      MemorySegment _ = (MemorySegment) function.invokeExact(signal, SIG_DFL);
    } catch (Throwable e) {
      throw new IllegalStateException("could not call signal()", e);
    }
  }
}
