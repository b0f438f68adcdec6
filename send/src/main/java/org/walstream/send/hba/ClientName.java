package org.walstream.send.hba;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

/// A client's host name: what its address leads to, if that leads back to the address. Anybody may
/// call their own addresses as they like; only the other direction is the name's owner's to say.
///
/// Looked up once, however many rules ask. One connection, one thread.
///
/// Counterpart of check_hostname(), src/backend/libpq/hba.c.
public final class ClientName implements Supplier<Optional<String>> {

  private final Optional<InetAddress> address;
  private boolean lookedUp;
  private Optional<String> name = Optional.empty();

  public ClientName(Optional<InetAddress> address) {
    this.address = address;
  }

  @Override
  public Optional<String> get() {
    if (!lookedUp) {
      lookedUp = true;
      name = address.flatMap(ClientName::lookUp);
    }
    return name;
  }

  /// The JDK looks both ways itself, and answers with the address when they do not agree.
  private static Optional<String> lookUp(InetAddress address) {
    try {
      String name = InetAddress.getByAddress(address.getAddress()).getCanonicalHostName();
      return Optional.of(name).filter(found -> !found.equals(address.getHostAddress()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
