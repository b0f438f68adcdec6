package org.walstream.send.guc;

import java.util.List;

/// One parameter of PostgreSQL: what values it takes, and who may set it when.
///
/// @param least of a number
/// @param most of a number
/// @param values of an enumeration, those it is known for
/// @param hiddenValues of an enumeration, those it takes too
/// @param defaultText as in a fresh server, not yet in the form of SHOW; empty where it depends on
///   the machine
public record GucParameter(
    String name,
    Context context,
    Type type,
    GucUnit unit,
    double least,
    double most,
    List<String> values,
    List<String> hiddenValues,
    String defaultText) {

  /// Who may set it when, `pg_settings.context`; in the order of src/include/utils/guc.h.
  public enum Context {
    INTERNAL,
    POSTMASTER,
    SIGHUP,
    SUPERUSER_BACKEND,
    BACKEND,
    SUPERUSER,
    USER
  }

  /// What its values are, `pg_settings.vartype`.
  public enum Type {
    BOOL,
    INTEGER,
    REAL,
    STRING,
    ENUM
  }

  public GucParameter {
    values = List.copyOf(values);
    hiddenValues = List.copyOf(hiddenValues);
  }

  /// The value that `text` means, as SHOW prints it.
  ///
  /// @throws GucException in PostgreSQL's words, if it is none
  public String check(String text) throws GucException {
    return switch (type) {
      case BOOL ->
          GucBoolean.parse(text)
                  .orElseThrow(() ->
                      GucException.invalidValue(
                          "parameter \"%s\" requires a Boolean value".formatted(name), ""))
              ? "on"
              : "off";
      case INTEGER -> unit.show(number(text));
      case REAL -> unit.showReal(GucNumber.parseReal(name, text, unit, least, most));
      case ENUM -> choice(text);
      case STRING -> text;
    };
  }

  /// The unit's name in pg_settings; empty for what has none.
  public String unitName() {
    return unit.text();
  }

  /// What pg_settings shows for what SHOW calls `shown`: numbers in [#unit], without its name.
  public String setting(String shown) {
    try {
      return switch (type) {
        case INTEGER -> Long.toString(number(shown));
        case REAL -> GucNumber.text(GucNumber.parseReal(name, shown, unit, least, most));
        case BOOL, STRING, ENUM -> shown;
      };
    } catch (GucException e) {
      return shown; // a node's own bounds may be wider
    }
  }

  /// The value of a parameter that is a whole number, in [#unit].
  long number(String text) throws GucException {
    return GucNumber.parse(name, text, unit, (long) least, (long) most);
  }

  private String choice(String text) throws GucException {
    for (List<String> known : List.of(values, hiddenValues)) {
      for (String value : known) {
        if (value.equalsIgnoreCase(text)) {
          return value;
        }
      }
    }
    throw GucException.invalidValue(
        name, text, "Available values: %s.".formatted(String.join(", ", values)));
  }
}
