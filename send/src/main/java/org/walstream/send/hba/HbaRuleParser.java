package org.walstream.send.hba;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.walstream.wire.AddressText;

/// Makes a rule of a line. Counterpart of parse_hba_line(), src/backend/libpq/hba.c.
final class HbaRuleParser {

  private final HbaLine line;

  /// The field to be read next.
  private int at = 1;

  private HbaRuleParser(HbaLine line) {
    this.line = line;
  }

  static HbaRule parse(HbaLine line) throws HbaException {
    return new HbaRuleParser(line).rule();
  }

  private HbaRule rule() throws HbaException {
    String word = line.single(0, "connection type");
    ConnectionType type =
        ConnectionType.of(word)
            .orElseThrow(() -> line.error("invalid connection type \"%s\"".formatted(word)));
    List<NameMatch> databases = new ArrayList<>();
    for (HbaToken token : list("database")) {
      databases.add(NameMatch.database(line, token));
    }
    List<NameMatch> users = new ArrayList<>();
    for (HbaToken token : list("role")) {
      users.add(NameMatch.user(line, token));
    }
    Optional<AddressMatch> address =
        type == ConnectionType.LOCAL ? Optional.empty() : Optional.of(address());
    HbaMethod method = HbaMethod.parse(line, type, methodWord());
    HbaOptions options = HbaOptions.parse(line, at, type, method);
    var written =
        new HbaRule.Written(
            word,
            words(1),
            words(2),
            address.map(a -> addressWord(a, line.fields().get(3).getFirst().text())),
            address.flatMap(HbaRuleParser::netmask),
            method.toString(),
            options.written());
    return new HbaRule(
        line.file(),
        line.number(),
        type,
        databases,
        users,
        address,
        method,
        options.certificate(),
        options.map(),
        written);
  }

  private String methodWord() throws HbaException {
    if (at >= line.fields().size()) {
      throw line.error("end-of-line before authentication method");
    }
    return line.single(at++, "authentication type");
  }

  private List<String> words(int field) {
    return line.fields().get(field).stream().map(HbaToken::text).toList();
  }

  /// An address without its mask.
  private static String addressWord(AddressMatch address, String word) {
    int slash = word.indexOf('/');
    return address instanceof AddressMatch.Network && slash >= 0 ? word.substring(0, slash) : word;
  }

  private static Optional<String> netmask(AddressMatch address) {
    if (!(address instanceof AddressMatch.Network network)) {
      return Optional.empty();
    }
    byte[] mask = new byte[network.bits() / 8];
    for (int bit = 0; bit < network.prefixLength(); bit++) {
      mask[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    try {
      return Optional.of(AddressText.of(InetAddress.getByAddress(mask)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a mask of 4 or 16 bytes", e);
    }
  }

  private List<HbaToken> list(String what) throws HbaException {
    if (at >= line.fields().size()) {
      throw line.error("end-of-line before " + what + " specification");
    }
    return line.fields().get(at++);
  }

  private AddressMatch address() throws HbaException {
    if (at >= line.fields().size()) {
      throw line.error("end-of-line before IP address specification");
    }
    String text = line.single(at, "host address");
    HbaToken token = line.fields().get(at++).getFirst();
    if (token.isKeyword("all")) {
      return new AddressMatch.Any();
    } else if (token.isKeyword("samehost")) {
      return new AddressMatch.SameHost();
    } else if (token.isKeyword("samenet")) {
      return new AddressMatch.SameNet();
    }
    int slash = text.indexOf('/');
    Optional<byte[]> literal = literal(slash < 0 ? text : text.substring(0, slash));
    if (literal.isPresent()) {
      return AddressMatch.Network.of(
          literal.get(), slash < 0 ? mask(literal.get()) : prefix(text, slash, literal.get()));
    } else if (slash >= 0) {
      throw line.error(
          "specifying both host name and CIDR mask is invalid: \"%s\"".formatted(text));
    }
    return text.startsWith(".")
        ? new AddressMatch.HostSuffix(text)
        : new AddressMatch.HostName(text);
  }

  private int prefix(String text, int slash, byte[] address) throws HbaException {
    int bits = address.length * 8;
    String digits = text.substring(slash + 1);
    if (digits.matches("\\d{1,3}") && Integer.parseInt(digits) <= bits) {
      return Integer.parseInt(digits);
    }
    throw line.error("invalid CIDR mask in address \"%s\"".formatted(text));
  }

  /// Reads the netmask in a column of its own.
  private int mask(byte[] address) throws HbaException {
    if (at >= line.fields().size()) {
      throw line.error("end-of-line before netmask specification");
    }
    String text = line.single(at++, "netmask");
    byte[] mask =
        literal(text).orElseThrow(() -> line.error("invalid IP mask \"%s\"".formatted(text)));
    if (mask.length != address.length) {
      throw line.error("IP address and mask do not match");
    }
    int ones = 0;
    boolean ended = false;
    for (byte octet : mask) {
      for (int bit = 7; bit >= 0; bit--) {
        boolean one = (octet >> bit & 1) == 1;
        if (one && ended) {
          throw line.error("invalid IP mask \"%s\": its ones are not together".formatted(text));
        }
        ended |= !one;
        ones += one ? 1 : 0;
      }
    }
    return ones;
  }

  /// An address in numbers; never asks a name server.
  private static Optional<byte[]> literal(String text) {
    boolean v6 = text.contains(":");
    if (!v6 && !text.matches("\\d+\\.\\d+\\.\\d+\\.\\d+")) {
      return Optional.empty();
    }
    try {
      byte[] address = InetAddress.ofLiteral(text).getAddress();
      return Optional.of(v6 && address.length == 4 ? v4Mapped(address) : address);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// `::ffff:10.0.0.1`, which Java takes for the IPv4 address that PostgreSQL keeps apart from it.
  private static byte[] v4Mapped(byte[] v4) {
    byte[] v6 = new byte[16];
    v6[10] = (byte) 0xff;
    v6[11] = (byte) 0xff;
    System.arraycopy(v4, 0, v6, 12, v4.length);
    return v6;
  }
}
