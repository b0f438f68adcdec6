package org.walstream.send.hba;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/// The address column of a host rule.
sealed interface AddressMatch {

  boolean matches(InetAddress client);

  /// `all`: any address of either family.
  record Any() implements AddressMatch {
    @Override
    public boolean matches(InetAddress client) {
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
    public boolean matches(InetAddress client) {
      byte[] theirs = client.getAddress();
      return theirs.length * 8 == bits
          && address.xor(new BigInteger(1, theirs)).shiftRight(bits - prefixLength).signum() == 0;
    }
  }

  /// `samehost`: an address of this machine's own.
  record SameHost() implements AddressMatch {
    @Override
    public boolean matches(InetAddress client) {
      return interfaceAddresses().anyMatch(a -> a.getAddress().equals(client));
    }
  }

  /// `samenet`: an address in a network that this machine is in.
  record SameNet() implements AddressMatch {
    @Override
    public boolean matches(InetAddress client) {
      return interfaceAddresses()
          .anyMatch(a ->
              Network.of(a.getAddress().getAddress(), a.getNetworkPrefixLength()).matches(client));
    }
  }

  /// A host name, looked up when the rule is reached: one of its addresses must be the client's.
  record HostName(String name) implements AddressMatch {
    @Override
    public boolean matches(InetAddress client) {
      try {
        return Arrays.asList(InetAddress.getAllByName(name)).contains(client);
      } catch (UnknownHostException e) {
        return false;
      }
    }
  }

  /// `.example.com`: the client's name, by a reverse look-up that also holds forward, ends so.
  record HostSuffix(String suffix) implements AddressMatch {
    @Override
    public boolean matches(InetAddress client) {
      try {
        String name = InetAddress.getByAddress(client.getAddress()).getCanonicalHostName();
        return name.toLowerCase(Locale.ROOT).endsWith(suffix.toLowerCase(Locale.ROOT));
      } catch (IOException e) {
        return false;
      }
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
