package org.walstream.redo.buffer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.walstream.file.LinuxFunctions;

/// The memory of a pool: as much address space as it may ever need at once, which the system backs
/// with memory where it is touched, in huge pages if it has them.
///
/// It comes from mmap(2), since an arena writes zeros to all that it gives, so that a pool of 32 GB
/// would take its 32 GB at the start; and since every access to an arena's memory asks whether the
/// arena is still open. So nobody may touch it once it is closed. Where mmap is not to be had, it
/// is an arena's all the same.
final class PoolMemory {

  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
  private static final long MAP_FAILED = -1;
  private static final int MADV_HUGEPAGE = 14;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;
  private @Nullable MethodHandle munmap;

  PoolMemory(long bytes) {
    MemorySegment mapped = map(bytes);
    segment = mapped == null ? arena.allocate(bytes, 4096) : mapped;
  }

  MemorySegment segment() {
    return segment;
  }

  /// Gives the memory back. Nobody uses it any more.
  void close() {
    arena.close();
    if (munmap != null) {
      try {
        int ignored = (int) munmap.invokeExact(segment, segment.byteSize());
      } catch (Throwable e) {
        throw new IllegalStateException("native call failed", e);
      }
    }
  }

  private @Nullable MemorySegment map(long bytes) {
    MethodHandle mmap =
        LinuxFunctions.find(
            "mmap",
            FunctionDescriptor.of(
                JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    MethodHandle unmap =
        LinuxFunctions.find("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    MethodHandle madvise =
        LinuxFunctions.find(
            "madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    if (mmap == null || unmap == null || madvise == null) {
      return null;
    }
    try {
      long address =
          (long)
              mmap.invokeExact(
                  MemorySegment.NULL,
                  bytes,
                  PROT_READ_WRITE,
                  MAP_PRIVATE_ANONYMOUS_NORESERVE,
                  -1,
                  0L);
      if (address == MAP_FAILED) {
        return null;
      }
      munmap = unmap;
      MemorySegment mapped = MemorySegment.ofAddress(address).reinterpret(bytes);
      int ignored = (int) madvise.invokeExact(mapped, bytes, MADV_HUGEPAGE);
      return mapped;
    } catch (Throwable e) {
      throw new IllegalStateException("native call failed", e);
    }
  }
}
