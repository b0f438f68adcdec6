package org.walstream.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.walstream.file.LinuxFunctions;

/// How the process ends once its command has come to its end.
///
/// The JVM's own end waits 0.3 s for threads that are in the kernel, and those that wait for
/// sockets on behalf of virtual threads always are: so long a server would wait for a directory
/// that has been ready since. So a command that serves is ended by _exit(2): files are closed by
/// then, and hooks of ours there are none.
final class ProcessEnd {

  /// Further options of the JVM, from who starts it ([the launcher](scripts/launch)). He may want
  /// what the JVM does last: a recording, a cache.
  private static final String JAVA_OPTIONS = "WALSTREAM_JAVA_OPTS";

  private ProcessEnd() {}

  /// @param atOnce whether the command serves, and nothing of it is left to be done
  static void with(int status, boolean atOnce) {
    System.out.flush();
    System.err.flush();
    if (atOnce && System.getenv().getOrDefault(JAVA_OPTIONS, "").isEmpty()) {
      endAtOnce(status);
    }
    System.exit(status);
  }

  /// Comes back where that is not to be had.
  private static void endAtOnce(int status) {
    MethodHandle exit = LinuxFunctions.find("_exit", FunctionDescriptor.ofVoid(JAVA_INT));
    if (exit == null) {
      return;
    }
    try {
      exit.invokeExact(status);
    } catch (Throwable e) {
      throw new IllegalStateException("native call failed", e);
    }
  }
}
