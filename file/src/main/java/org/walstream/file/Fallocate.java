package org.walstream.file;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Linux's fallocate(2): storage for a whole file at once, reading as zeros, without writing it.
///
/// Where it is not to be had (another system, a file system without it, no access to native code)
/// the answer is "no" and the caller writes zeros instead; only a full disk is an error.
final class Fallocate {

  private static final int O_RDWR = 2;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  private final @Nullable MethodHandle open = LinuxFunctions.open(CAPTURE_ERRNO);
  private final @Nullable MethodHandle fallocate =
      LinuxFunctions.find(
          "fallocate",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
          CAPTURE_ERRNO);
  private final @Nullable MethodHandle close = LinuxFunctions.close();

  /// Allocates `bytes` bytes for the existing file at `path`.
  ///
  /// @return false when this cannot be done here by any allocation
  /// @throws NoSpaceException if the file system is full
  boolean allocate(Path path, long bytes) throws IOException {
    if (open == null || fallocate == null || close == null) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int fd =
          (int)
              open.invokeExact(
                  state, arena.allocateFrom(path.toString()), O_RDWR | LinuxFunctions.O_CLOEXEC);
      if (fd < 0) {
        return false;
      }
      int result;
      try {
        result = (int) fallocate.invokeExact(state, fd, 0, 0L, bytes);
      } finally {
        int ignored = (int) close.invokeExact(fd);
      }
      int errno = result == 0 ? 0 : (int) ERRNO.get(state, 0L);
      if (errno == ENOSPC || errno == EDQUOT) {
        throw new NoSpaceException(
            "could not allocate %d bytes for file \"%s\": %s"
                .formatted(
                    bytes,
                    path,
                    errno == ENOSPC ? "No space left on device" : "Disk quota exceeded"));
      }
      return result == 0;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("native call failed", e);
    }
  }
}
