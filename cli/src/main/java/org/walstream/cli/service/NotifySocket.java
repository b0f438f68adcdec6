package org.walstream.cli.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.walstream.file.LinuxFunctions;

/// A Unix datagram socket that sends to one address, for which Java has no class.
///
/// ```
/// sockaddr_un
/// offset  bytes  field
///      0      2  sun_family   AF_UNIX
///      2    108  sun_path     a path and a zero, or for an abstract name a zero and the name
/// ```
///
/// Sends from any thread. Counterpart of sd_notify(3).
final class NotifySocket {

  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int PATH = 2;
  private static final int PATH_BYTES = 108;

  private final int descriptor;
  private final MethodHandle sendto;
  private final MemorySegment address;
  private final int addressBytes;

  private NotifySocket(
      int descriptor, MethodHandle sendto, MemorySegment address, int addressBytes) {
    this.descriptor = descriptor;
    this.sendto = sendto;
    this.address = address;
    this.addressBytes = addressBytes;
  }

  /// @param name a path, or `@NAME` for an abstract one
  /// @return null where there are no such sockets, or the name is none
  static @Nullable NotifySocket to(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = name.startsWith("@");
    if ((!isAbstract && !name.startsWith("/")) || bytes.length >= PATH_BYTES) {
      return null;
    }
    MethodHandle socket =
        LinuxFunctions.find(
            "socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    MethodHandle sendto =
        LinuxFunctions.find(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    if (socket == null || sendto == null) {
      return null;
    }
    int descriptor = invokeInt(socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
      return null;
    }
    MemorySegment address = Arena.global().allocate(PATH + PATH_BYTES);
    address.set(JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(bytes, 0, address, JAVA_BYTE, PATH, bytes.length);
    if (isAbstract) {
      address.set(JAVA_BYTE, PATH, (byte) 0);
    }
    int length = PATH + bytes.length + (isAbstract ? 0 : 1);
    return new NotifySocket(descriptor, sendto, address, length);
  }

  /// Sends a datagram, or does not: whoever does not listen has no part in what goes on here.
  void send(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    try (var arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, bytes);
      long _ =
          (long)
              sendto.invokeExact(
                  descriptor, data, (long) bytes.length, MSG_NOSIGNAL, address, addressBytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int invokeInt(MethodHandle handle, int first, int second, int third) {
    try {
      return (int) handle.invokeExact(first, second, third);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// A C function throws nothing.
  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException(e);
  }
}
