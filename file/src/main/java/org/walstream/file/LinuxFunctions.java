package org.walstream.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Functions of Linux's C library, for what can be done better than Java can ask for and is done
/// without them where they are not to be had: on another system, on 32 bits, with no access to
/// native code.
///
/// The first look-up costs 40 ms: it belongs where the function is first needed.
public final class LinuxFunctions {

  /// For open(2), whose answer is a descriptor.
  static final int O_CLOEXEC = 0x80000;

  private static final Logger logger = LoggerFactory.getLogger(LinuxFunctions.class);

  private LinuxFunctions() {}

  /// Null where there is none.
  public static @Nullable MethodHandle find(
      String function, FunctionDescriptor descriptor, Linker.Option... options) {
    boolean linux64 =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
            && ADDRESS.byteSize() == 8;
    if (!linux64) {
      return null;
    }
    try {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(function), descriptor, options);
    } catch (RuntimeException | LinkageError e) {
      logger.debug("{} is not available, it is done without", function, e);
      return null;
    }
  }

  /// open(2) without a mode, which is there only when a file is made.
  static @Nullable MethodHandle open(Linker.Option... options) {
    var variadic = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, variadic, 0, options.length);
    variadic[options.length] = Linker.Option.firstVariadicArg(2);
    return find("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), variadic);
  }

  static @Nullable MethodHandle close() {
    return find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }
}
