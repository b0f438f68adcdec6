package org.walstream.send.hba;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.walstream.send.hba.CertificateCheck.Name;
import org.walstream.send.hba.CertificateCheck.Wanted;

/// What comes after a rule's method, `name=value` each.
///
/// Counterpart of parse_hba_auth_opt(), src/backend/libpq/hba.c.
///
/// @param map the map of pg_ident.conf by which the user is found
record HbaOptions(CertificateCheck certificate, Optional<String> map) {

  /// The options of methods that there are not here, and what PostgreSQL says they are for.
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("pamservice", "pam"),
          Map.entry("pam_use_hostname", "pam"),
          Map.entry("ldapurl", "ldap"),
          Map.entry("ldaptls", "ldap"),
          Map.entry("ldapscheme", "ldap"),
          Map.entry("ldapserver", "ldap"),
          Map.entry("ldapport", "ldap"),
          Map.entry("ldapbinddn", "ldap"),
          Map.entry("ldapbindpasswd", "ldap"),
          Map.entry("ldapsearchattribute", "ldap"),
          Map.entry("ldapsearchfilter", "ldap"),
          Map.entry("ldapbasedn", "ldap"),
          Map.entry("ldapprefix", "ldap"),
          Map.entry("ldapsuffix", "ldap"),
          Map.entry("krb_realm", "gssapi and sspi"),
          Map.entry("include_realm", "gssapi and sspi"),
          Map.entry("compat_realm", "sspi"),
          Map.entry("upn_username", "sspi"),
          Map.entry("radiusservers", "radius"),
          Map.entry("radiusports", "radius"),
          Map.entry("radiussecrets", "radius"),
          Map.entry("radiusidentifiers", "radius"),
          Map.entry("issuer", "oauth"),
          Map.entry("scope", "oauth"),
          Map.entry("validator", "oauth"),
          Map.entry("delegate_ident_mapping", "oauth"));

  /// Reads the words of `line` from field `first` on.
  static HbaOptions parse(HbaLine line, int first, ConnectionType type, HbaMethod method)
      throws HbaException {
    Wanted wanted = method == HbaMethod.CERT ? Wanted.USERS : Wanted.NOTHING;
    Name name = Name.CN;
    Optional<String> map = Optional.empty();
    for (List<HbaToken> field : line.fields().subList(first, line.fields().size())) {
      for (HbaToken token : field) {
        int equals = token.text().indexOf('=');
        if (equals < 0) {
          throw line.error("authentication option not in name=value format: " + token.text());
        }
        String value = token.text().substring(equals + 1);
        String option = token.text().substring(0, equals);
        switch (option) {
          case "map" -> map = Optional.of(map(line, method, value)).filter(m -> !m.isEmpty());
          case "clientcert" -> wanted = wanted(line, type, method, value);
          case "clientname" -> name = name(line, type, value);
          default -> throw unrecognized(line, option);
        }
      }
    }
    return new HbaOptions(new CertificateCheck(wanted, name), map);
  }

  private static String map(HbaLine line, HbaMethod method, String value) throws HbaException {
    if (method != HbaMethod.PEER && method != HbaMethod.CERT) {
      throw onlyFor(line, "map", "ident, peer, gssapi, sspi, cert, and oauth");
    }
    return value;
  }

  private static Wanted wanted(HbaLine line, ConnectionType type, HbaMethod method, String value)
      throws HbaException {
    requireTls(line, type, "clientcert");
    return switch (value) {
      case "verify-full" -> Wanted.USERS;
      case "verify-ca" -> {
        if (method == HbaMethod.CERT) {
          throw line.error(
              "clientcert only accepts \"verify-full\" when using \"cert\" authentication");
        }
        yield Wanted.TRUSTED;
      }
      default -> throw line.error("invalid value for clientcert: \"%s\"".formatted(value));
    };
  }

  private static Name name(HbaLine line, ConnectionType type, String value) throws HbaException {
    requireTls(line, type, "clientname");
    return switch (value) {
      case "CN" -> Name.CN;
      case "DN" -> Name.DN;
      default -> throw line.error("invalid value for clientname: \"%s\"".formatted(value));
    };
  }

  private static void requireTls(HbaLine line, ConnectionType type, String option)
      throws HbaException {
    if (type != ConnectionType.HOSTSSL) {
      throw line.error(option + " can only be configured for \"hostssl\" rows");
    }
  }

  private static HbaException unrecognized(HbaLine line, String option) {
    String methods = ELSEWHERE.get(option);
    return methods == null
        ? line.error("unrecognized authentication option name: \"%s\"".formatted(option))
        : onlyFor(line, option, methods);
  }

  private static HbaException onlyFor(HbaLine line, String option, String methods) {
    return line.error(
        "authentication option \"%s\" is only valid for authentication methods %s"
            .formatted(option, methods));
  }

  /// As `pg_hba_file_rules` shows them.
  List<String> written() {
    var written = new ArrayList<String>();
    map.ifPresent(name -> written.add("map=" + name));
    switch (certificate.wanted()) {
      case NOTHING -> {}
      case TRUSTED -> written.add("clientcert=verify-ca");
      case USERS -> written.add("clientcert=verify-full");
    }
    return written;
  }
}
