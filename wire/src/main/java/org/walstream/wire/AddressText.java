package org.walstream.wire;

import java.net.Inet6Address;
import java.net.InetAddress;

/// IP addresses as PostgreSQL prints them, in messages, views and logs: `127.0.0.1`, `::1`,
/// `fe80::1`, `::ffff:10.0.0.1`. Java writes `0:0:0:0:0:0:0:1`.
///
/// The longest run of two or more zero groups, the first of several, is `::`; digits are lower case
/// and without leading zeros; an IPv4 address inside keeps its dots. The zone of a link-local
/// address is left out. As inet_ntop() of the C library, which PostgreSQL asks.
public final class AddressText {

  private static final int GROUPS = 8;

  private AddressText() {}

  public static String of(InetAddress address) {
    return address instanceof Inet6Address v6
        ? ofGroups(v6.getAddress())
        : address.getHostAddress();
  }

  private static String ofGroups(byte[] address) {
    int runStart = GROUPS;
    int runLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = zerosFrom(address, i);
      if (length > runLength) {
        runStart = i;
        runLength = length;
      }
    }
    boolean v4Inside =
        runStart == 0 && (runLength == 6 || (runLength == 5 && group(address, 5) == 0xffff));
    int groups = v4Inside ? 6 : GROUPS;
    var text = new StringBuilder(40);
    for (int i = 0; i < groups; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
      } else {
        separate(text).append(Integer.toHexString(group(address, i)));
      }
    }
    if (v4Inside) {
      separate(text)
          .append(
              "%d.%d.%d.%d"
                  .formatted(
                      address[12] & 0xff,
                      address[13] & 0xff,
                      address[14] & 0xff,
                      address[15] & 0xff));
    }
    return text.toString();
  }

  private static StringBuilder separate(StringBuilder text) {
    boolean needed = !text.isEmpty() && text.charAt(text.length() - 1) != ':';
    return needed ? text.append(':') : text;
  }

  private static int zerosFrom(byte[] address, int first) {
    int end = first;
    while (end < GROUPS && group(address, end) == 0) {
      end++;
    }
    return end - first;
  }

  private static int group(byte[] address, int index) {
    return (address[2 * index] & 0xff) << 8 | (address[2 * index + 1] & 0xff);
  }
}
