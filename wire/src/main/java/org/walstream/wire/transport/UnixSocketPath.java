package org.walstream.wire.transport;

import java.util.Optional;
import org.walstream.wire.ByteText;

/// The name of a Unix-domain socket's file.
public final class UnixSocketPath {

  /// What a sockaddr_un has room for, without the byte that ends it.
  private static final int BYTES_MAX = 107;

  private UnixSocketPath() {}

  /// What is wrong with it, in libpq's words; empty when it fits.
  public static Optional<String> complaint(String path) {
    return ByteText.bytes(path).length <= BYTES_MAX
        ? Optional.empty()
        : Optional.of(
            "Unix-domain socket path \"%s\" is too long (maximum %d bytes)"
                .formatted(path, BYTES_MAX));
  }
}
