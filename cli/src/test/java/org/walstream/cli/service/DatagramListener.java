package org.walstream.cli.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// A Unix datagram socket that others send to, as systemd's is.
final class DatagramListener implements AutoCloseable {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SOCKET =
      function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND =
      function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle RECV =
      function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final int descriptor;

  /// @param name a path, or `@NAME` for an abstract one
  DatagramListener(String name) throws Throwable {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    descriptor = (int) SOCKET.invokeExact(1, 2, 0);
    try (var arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(110);
      address.set(JAVA_SHORT, 0, (short) 1);
      MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 2, bytes.length);
      if (name.startsWith("@")) {
        address.set(JAVA_BYTE, 2, (byte) 0);
      }
      if ((int) BIND.invokeExact(descriptor, address, 2 + bytes.length) != 0) {
        throw new IllegalStateException("could not bind to " + name);
      }
    }
  }

  /// Waits for the next message.
  String next() throws Throwable {
    try (var arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(4096);
      long length = (long) RECV.invokeExact(descriptor, data, data.byteSize(), 0);
      return new String(data.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws Exception {
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
  }
}
