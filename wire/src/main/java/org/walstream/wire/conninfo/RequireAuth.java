package org.walstream.wire.conninfo;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which ways of authentication a client lets a server ask for: libpq's `require_auth`, a list of
/// methods (`scram-sha-256,md5`) or a list of methods not wanted (`!password,!none`). Everything
/// goes when the list is empty.
///
/// @param text the list as it was written, for messages
public record RequireAuth(String text, Set<Method> allowed) {

  /// The methods by libpq's names; NONE is a server that asks for nothing.
  public enum Method {
    PASSWORD("server requested a cleartext password"),
    MD5("server requested a hashed password"),
    GSS("server requested GSSAPI authentication"),
    SSPI("server requested SSPI authentication"),
    SCRAM_SHA_256("server requested SASL authentication"),
    OAUTH("server requested OAuth authentication"),
    NONE("server did not complete authentication");

    private final String complaint;

    Method(String complaint) {
      this.complaint = complaint;
    }

    static @Nullable Method of(String name) {
      return Arrays.stream(values())
          .filter(method -> method.toString().equals(name))
          .findFirst()
          .orElse(null);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public RequireAuth {
    allowed = Set.copyOf(allowed);
  }

  public static final RequireAuth ANYTHING = new RequireAuth("", EnumSet.allOf(Method.class));

  static RequireAuth parse(String text) {
    if (text.isEmpty()) {
      return ANYTHING;
    }
    boolean negative = text.strip().startsWith("!");
    EnumSet<Method> named = EnumSet.noneOf(Method.class);
    for (String item : text.split(",", -1)) {
      if (!named.add(method(item.strip(), negative))) {
        throw new ConnInfoException(
            "require_auth method \"%s\" is specified more than once".formatted(item.strip()));
      }
    }
    return new RequireAuth(text, negative ? EnumSet.complementOf(named) : named);
  }

  private static Method method(String item, boolean negative) {
    if (negative && !item.startsWith("!")) {
      throw new ConnInfoException(
          "require_auth method \"%s\" cannot be mixed with negative methods".formatted(item));
    }
    if (!negative && item.startsWith("!")) {
      throw new ConnInfoException(
          "negative require_auth method \"%s\" cannot be mixed with non-negative methods"
              .formatted(item));
    }
    Method method = Method.of(negative ? item.substring(1) : item);
    if (method == null) {
      throw ConnInfoException.invalidValue(ConnInfoOption.REQUIRE_AUTH, item);
    }
    return method;
  }

  public boolean allows(Method method) {
    return allowed.contains(method);
  }

  /// libpq's message for a server that asks for `method`, which is not allowed.
  public String refusal(Method method) {
    return "authentication method requirement \"%s\" failed: %s".formatted(text, method.complaint);
  }
}
