package org.walstream.file;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What one file's user tells Linux of its plans: posix_fadvise(2) and sync_file_range(2).
///
/// A channel does not give away its descriptor, so the file is opened once more, by its name, when
/// there is something to tell for the first time. Hints change nothing but when the kernel does
/// what it does anyway; where one cannot be given, it is not, and nobody is the worse.
///
/// Any number of threads.
final class FileHints {

  private static final int O_RDONLY = 0;
  private static final int POSIX_FADV_WILLNEED = 3;
  private static final int SYNC_FILE_RANGE_WRITE = 2;

  /// Loaded with the first hint.
  private static final class Native {

    static final @Nullable MethodHandle OPEN = LinuxFunctions.open();
    static final @Nullable MethodHandle CLOSE = LinuxFunctions.close();
    static final @Nullable MethodHandle FADVISE =
        LinuxFunctions.find(
            "posix_fadvise",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    static final @Nullable MethodHandle SYNC_FILE_RANGE =
        LinuxFunctions.find(
            "sync_file_range",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  }

  private static final int NOT_OPEN = -1;
  private static final int NOT_TO_BE_HAD = -2;

  private final Path path;

  // Guarded by this.
  private int descriptor = NOT_OPEN;

  FileHints(Path path) {
    this.path = path;
  }

  /// These bytes will be read soon: the kernel may begin to.
  synchronized void willNeed(long offset, long bytes) {
    try {
      if (Native.FADVISE != null && isOpen()) {
        int ignored =
            (int) Native.FADVISE.invokeExact(descriptor, offset, bytes, POSIX_FADV_WILLNEED);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// These bytes have been written and will be forced: the kernel may begin to.
  synchronized void startWriting(long offset, long bytes) {
    try {
      if (Native.SYNC_FILE_RANGE != null && isOpen()) {
        int ignored =
            (int)
                Native.SYNC_FILE_RANGE.invokeExact(
                    descriptor, offset, bytes, SYNC_FILE_RANGE_WRITE);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  synchronized void close() {
    try {
      if (Native.CLOSE != null && descriptor >= 0) {
        int ignored = (int) Native.CLOSE.invokeExact(descriptor);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    } finally {
      descriptor = NOT_TO_BE_HAD;
    }
  }

  private boolean isOpen() throws Throwable {
    if (descriptor == NOT_OPEN && Native.OPEN != null) {
      try (Arena arena = Arena.ofConfined()) {
        int opened =
            (int)
                Native.OPEN.invokeExact(
                    arena.allocateFrom(path.toString()), O_RDONLY | LinuxFunctions.O_CLOEXEC);
        descriptor = opened < 0 ? NOT_TO_BE_HAD : opened;
      }
    }
    return descriptor >= 0;
  }

  private static RuntimeException unexpected(Throwable e) {
    return e instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("native call failed", e);
  }
}
