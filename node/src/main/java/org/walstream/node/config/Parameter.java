package org.walstream.node.config;

import java.util.List;
import java.util.Locale;

/// One row of the table of parameters: its name, what values it takes, its default, when a change
/// takes effect, and what it is for.
///
/// @param <T> the type of a checked value
public record Parameter<T>(
    String name, Kind<T> kind, T defaultValue, Takes takes, Group group, String description) {

  /// When a changed value takes effect.
  public enum Takes {
    RELOAD,
    RESTART
  }

  /// The headings of the sample file.
  public enum Group {
    LISTEN("Connections"),
    UPSTREAM("Upstream: where WAL comes from"),
    SENDING("Sending: who may follow, and how much WAL is kept for them"),
    WALSTREAM("Walstream's own"),
    LOGGING("Logging");

    final String title;

    Group(String title) {
      this.title = title;
    }
  }

  /// What values a parameter takes.
  public sealed interface Kind<T> {

    /// Checks `text` and gives its value.
    ///
    /// @throws ConfigurationException with PostgreSQL's wording, naming `parameter` and `text`
    T parse(String parameter, String text) throws ConfigurationException;

    /// The value as SHOW prints it.
    String show(T value);

    /// True when the sample file must put the value in quotes.
    default boolean quoted() {
      return false;
    }
  }

  record Text() implements Kind<String> {
    @Override
    public String parse(String parameter, String text) {
      return text;
    }

    @Override
    public String show(String value) {
      return value;
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  record Flag() implements Kind<Boolean> {
    @Override
    public Boolean parse(String parameter, String text) throws ConfigurationException {
      String word = text.toLowerCase(Locale.ROOT);
      if (word.equals("1")
          || isPrefix(word, "on", 2)
          || isPrefix(word, "true", 1)
          || isPrefix(word, "yes", 1)) {
        return true;
      }
      if (word.equals("0")
          || isPrefix(word, "off", 2)
          || isPrefix(word, "false", 1)
          || isPrefix(word, "no", 1)) {
        return false;
      }
      throw new ConfigurationException("parameter \"" + parameter + "\" requires a Boolean value");
    }

    private static boolean isPrefix(String word, String whole, int least) {
      return word.length() >= least && whole.startsWith(word);
    }

    @Override
    public String show(Boolean value) {
      return value ? "on" : "off";
    }
  }

  record Int(Unit unit, long least, long most) implements Kind<Long> {
    @Override
    public Long parse(String parameter, String text) throws ConfigurationException {
      String trimmed = text.strip();
      int digits = trimmed.startsWith("-") || trimmed.startsWith("+") ? 1 : 0;
      while (digits < trimmed.length()
          && trimmed.charAt(digits) >= '0'
          && trimmed.charAt(digits) <= '9') {
        digits++;
      }
      long value;
      try {
        value = Long.parseLong(trimmed, 0, digits, 10);
      } catch (NumberFormatException e) {
        throw invalid(parameter, text);
      }
      String suffix = trimmed.substring(digits).strip();
      if (!suffix.isEmpty()) {
        long factor = unit.factor(suffix);
        if (factor == 0) {
          throw unit == Unit.NONE ? invalid(parameter, text) : wrongUnit(parameter, text);
        }
        value = Math.multiplyHigh(value, factor) == value >> 63 ? value * factor : Long.MAX_VALUE;
      }
      if (value < least || value > most) {
        throw new ConfigurationException(
            "%d is outside the valid range for parameter \"%s\" (%d .. %d)"
                .formatted(value, parameter, least, most));
      }
      return value;
    }

    private ConfigurationException wrongUnit(String parameter, String text) {
      return new ConfigurationException(
          "%s (valid units for this parameter are %s)"
              .formatted(invalid(parameter, text).getMessage(), unit.names()));
    }

    @Override
    public String show(Long value) {
      return unit.show(value);
    }
  }

  record Choice(List<String> values) implements Kind<String> {
    @Override
    public String parse(String parameter, String text) throws ConfigurationException {
      String word = text.toLowerCase(Locale.ROOT);
      if (!values.contains(word)) {
        throw new ConfigurationException(
            "%s (available values: %s)"
                .formatted(invalid(parameter, text).getMessage(), String.join(", ", values)));
      }
      return word;
    }

    @Override
    public String show(String value) {
      return value;
    }
  }

  private static ConfigurationException invalid(String parameter, String text) {
    return new ConfigurationException(
        "invalid value for parameter \"%s\": \"%s\"".formatted(parameter, text));
  }
}
