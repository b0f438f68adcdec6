package org.walstream.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
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
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Linux's fallocate(2): storage for a whole file at once, reading as zeros, without writing it.
///
/// Where it is not to be had (another system, a file system without it, no access to native code)
/// the answer is "no" and the caller writes zeros instead; only a full disk is an error.
final class Fallocate {

  private static final Logger logger = LoggerFactory.getLogger(Fallocate.class);

  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  private final @Nullable MethodHandle open;
  private final @Nullable MethodHandle fallocate;
  private final @Nullable MethodHandle close;

  private Fallocate(
      @Nullable MethodHandle open, @Nullable MethodHandle fallocate, @Nullable MethodHandle close) {
    this.open = open;
    this.fallocate = fallocate;
    this.close = close;
  }

  static Fallocate ofThisPlatform() {
    boolean linux64 =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
            && ADDRESS.byteSize() == 8;
    if (!linux64) {
      return unavailable();
    }
    try {
      Linker linker = Linker.nativeLinker();
      // open() is variadic in C: the mode is only there when a file is made, and none is made here.
      return new Fallocate(
          handle(
              linker,
              "open",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
              CAPTURE_ERRNO,
              Linker.Option.firstVariadicArg(2)),
          handle(
              linker,
              "fallocate",
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
              CAPTURE_ERRNO),
          handle(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)));
    } catch (RuntimeException | LinkageError e) {
      logger.debug("fallocate is not available, files will be filled with zeros", e);
      return unavailable();
    }
  }

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
          (int) open.invokeExact(state, arena.allocateFrom(path.toString()), O_RDWR | O_CLOEXEC);
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

  private static Fallocate unavailable() {
    return new Fallocate(null, null, null);
  }

  private static MethodHandle handle(
      Linker linker, String function, FunctionDescriptor descriptor, Linker.Option... options) {
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), descriptor, options);
  }
}
