package org.walstream.wire.tls;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/// The name in a certificate, as PostgreSQL writes it.
///
/// Source: RFC 4514; X509_NAME_print_ex() and X509_NAME_to_cstring(),
/// src/backend/libpq/be-secure-openssl.c.
///
/// @param attributes in the order of the certificate
public record DistinguishedName(List<Attribute> attributes) {

  /// One attribute.
  ///
  /// @param type its short name, or its number
  public record Attribute(String type, String value) {}

  private static final String COMMON_NAME = "CN";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("550403", COMMON_NAME),
          Map.entry("550404", "SN"),
          Map.entry("550405", "serialNumber"),
          Map.entry("550406", "C"),
          Map.entry("550407", "L"),
          Map.entry("550408", "ST"),
          Map.entry("550409", "street"),
          Map.entry("55040a", "O"),
          Map.entry("55040b", "OU"),
          Map.entry("55040c", "title"),
          Map.entry("55042a", "GN"),
          Map.entry("2a864886f70d010901", "emailAddress"),
          Map.entry("0992268993f22c640119", "DC"),
          Map.entry("0992268993f22c640101", "UID"));

  private static final int BMP_STRING = 0x1e;
  private static final int UNIVERSAL_STRING = 0x1c;
  private static final int T61_STRING = 0x14;

  public DistinguishedName {
    attributes = List.copyOf(attributes);
  }

  /// The name that a certificate has been read with.
  public static DistinguishedName of(X500Principal name) {
    try {
      var attributes = new ArrayList<Attribute>();
      for (Der.Value set : Der.value(name.getEncoded()).parts()) {
        for (Der.Value pair : set.parts()) {
          List<Der.Value> both = pair.parts();
          attributes.add(new Attribute(type(both.get(0)), text(both.get(1))));
        }
      }
      return new DistinguishedName(attributes);
    } catch (PemException e) {
      throw new IllegalStateException("the JDK encodes names in DER", e);
    }
  }

  private static String type(Der.Value oid) {
    String hex = HexFormat.of().formatHex(oid.content());
    return TYPES.getOrDefault(hex, dotted(oid.content()));
  }

  private static String dotted(byte[] oid) {
    var numbers = new ArrayList<String>();
    long number = 0;
    for (byte b : oid) {
      number = (number << 7) | (b & 0x7f);
      if (b >= 0) {
        if (numbers.isEmpty()) {
          long first = Math.min(number / 40, 2);
          numbers.add(Long.toString(first));
          number -= first * 40;
        }
        numbers.add(Long.toString(number));
        number = 0;
      }
    }
    return String.join(".", numbers);
  }

  private static String text(Der.Value value) {
    Charset charset =
        switch (value.tag()) {
          case BMP_STRING -> StandardCharsets.UTF_16BE;
          case UNIVERSAL_STRING -> Charset.forName("UTF-32BE");
          case T61_STRING -> StandardCharsets.ISO_8859_1;
          default -> StandardCharsets.UTF_8;
        };
    return new String(value.content(), charset);
  }

  /// The first common name.
  public Optional<String> commonName() {
    return attributes.stream()
        .filter(attribute -> attribute.type.equals(COMMON_NAME))
        .map(Attribute::value)
        .findFirst();
  }

  /// `CN=x,O=y`, the last attribute first: what `clientname=DN` compares.
  public String rfc2253() {
    var reversed = new ArrayList<>(attributes);
    Collections.reverse(reversed);
    return reversed.stream()
        .map(attribute -> attribute.type + "=" + escaped(attribute.value))
        .collect(Collectors.joining(","));
  }

  /// `/O=y/CN=x`: what `pg_stat_ssl` shows.
  public String slashed() {
    return attributes.stream()
        .map(attribute -> "/" + attribute.type + "=" + escaped(attribute.value))
        .collect(Collectors.joining());
  }

  private static String escaped(String value) {
    var text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean atEnd = i == 0 || i == value.length() - 1;
      if (c < ' ' || c == 0x7f) {
        text.append("\\%02X".formatted((int) c));
        continue;
      }
      if (",+\"\\<>;".indexOf(c) >= 0 || (c == ' ' && atEnd) || (c == '#' && i == 0)) {
        text.append('\\');
      }
      text.append(c);
    }
    return text.toString();
  }
}
