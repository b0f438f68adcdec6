package org.walstream.send.hba;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Locale;
import java.util.stream.Stream;

/// The address column of a host rule.
sealed interface AddressMatch {

  boolean matches(InetAddress client, Connection connection);

  /// Whether a connection over TCP comes from there.
  default boolean matches(Connection connection) {
    return connection.address().map(client -> matches(client, connection)).orElse(false);
  }

  /// `all`: any address of either family.
  record Any() implements AddressMatch {
    @Override
    public boolean matches(InetAddress client, Connection connection) {
      return true;
    }
  }

  /// An address and how many of its bits count: `10.0.0.0/8`, `::1/128`.
  ///
  /// @param address as a number
  /// @param bits 32 or 128: an IPv4 client is in no IPv6 network, not even in `::ffff:0:0/96`
  record Network(BigInteger address, int bits, int prefixLength) implements AddressMatch {

    static Network of(byte[] address, int prefixLength) {
      return new Network(new BigInteger(1, address), address.length * 8, prefixLength);
    }

    @Override
    public boolean matches(InetAddress client, Connection connection) {
      return contains(client);
    }

    boolean contains(InetAddress client) {
      byte[] theirs = client.getAddress();
      return theirs.length * 8 == bits
          && address.xor(new BigInteger(1, theirs)).shiftRight(bits - prefixLength).signum() == 0;
    }
  }

  /// `samehost`: an address of this machine's own.
  record SameHost() implements AddressMatch {
    @Override
    public boolean matches(InetAddress client, Connection connection) {
      return interfaceAddresses().anyMatch(a -> a.getAddress().equals(client));
    }
  }

  /// `samenet`: an address in a network that this machine is in.
  record SameNet() implements AddressMatch {
    @Override
    public boolean matches(InetAddress client, Connection connection) {
      return interfaceAddresses()
          .anyMatch(a ->
              Network.of(a.getAddress().getAddress(), a.getNetworkPrefixLength()).contains(client));
    }
  }

  /// A host name, which must be the client's: see [ClientName].
  record HostName(String name) implements AddressMatch {
    @Override
    public boolean matches(InetAddress client, Connection connection) {
      return connection.hostName().get().filter(name::equalsIgnoreCase).isPresent();
    }
  }

  /// `.example.com`: the client's name ends so.
  record HostSuffix(String suffix) implements AddressMatch {
    @Override
    public boolean matches(InetAddress client, Connection connection) {
      return connection
          .hostName()
          .get()
          .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(suffix.toLowerCase(Locale.ROOT)))
          .isPresent();
    }
  }

  private static Stream<InterfaceAddress> interfaceAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(networkInterface -> networkInterface.getInterfaceAddresses().stream());
    } catch (SocketException e) {
      return Stream.empty();
    }
  }
}
