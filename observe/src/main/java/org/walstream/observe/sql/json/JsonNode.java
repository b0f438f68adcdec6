package org.walstream.observe.sql.json;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A value in a JSON text, which remembers how it was written.
public sealed interface JsonNode {

  /// The text it was read from: `json` keeps it as it is.
  String raw();

  /// As `jsonb` writes it.
  ///
  /// @throws ArithmeticException if a number in it is too large
  String canonical();

  /// As `->>` gives it; null for `null`.
  default @Nullable String text() {
    return raw();
  }

  /// What `json_typeof` calls it.
  String typeName();

  /// A number, `true`, `false` or `null`.
  record Literal(String raw) implements JsonNode {

    private static final Pattern EXPONENT = Pattern.compile("[eE][+-]?0*(\\d+)");

    /// 1000 zeros may be written out, a thousand million not.
    private static final int EXPONENT_DIGITS_MAX = 3;

    /// Without an exponent.
    @Override
    public String canonical() {
      Matcher exponent = EXPONENT.matcher(raw);
      if (!isNumber() || !exponent.find()) {
        return raw;
      }
      if (exponent.group(1).length() > EXPONENT_DIGITS_MAX) {
        throw new ArithmeticException("value overflows numeric format");
      }
      return new BigDecimal(raw).toPlainString();
    }

    @Override
    public @Nullable String text() {
      return raw.equals("null") ? null : raw;
    }

    private boolean isNumber() {
      return raw.charAt(0) == '-' || Character.isDigit(raw.charAt(0));
    }

    @Override
    public String typeName() {
      return isNumber() ? "number" : raw.equals("null") ? "null" : "boolean";
    }
  }

  /// @param value without quotes and escapes
  record Text(String raw, String value) implements JsonNode {

    @Override
    public String canonical() {
      return JsonWriter.quoted(value);
    }

    @Override
    public String text() {
      return value;
    }

    @Override
    public String typeName() {
      return "string";
    }
  }

  record Array(String raw, List<JsonNode> elements) implements JsonNode {

    public Array {
      elements = List.copyOf(elements);
    }

    /// @param index from the end if below 0
    public Optional<JsonNode> element(int index) {
      int at = index < 0 ? elements.size() + index : index;
      return at >= 0 && at < elements.size() ? Optional.of(elements.get(at)) : Optional.empty();
    }

    @Override
    public String canonical() {
      return elements.stream().map(JsonNode::canonical).collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String typeName() {
      return "array";
    }
  }

  record Field(String name, JsonNode value) {}

  record Document(String raw, List<Field> fields) implements JsonNode {

    /// The shorter name first, as they lie in a `jsonb`.
    private static final Comparator<String> BY_LENGTH =
        Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    public Document {
      fields = List.copyOf(fields);
    }

    /// The last one of that name.
    public Optional<JsonNode> field(String name) {
      return fields.stream()
          .filter(field -> field.name().equals(name))
          .reduce((first, second) -> second)
          .map(Field::value);
    }

    @Override
    public String canonical() {
      Map<String, JsonNode> sorted = new TreeMap<>(BY_LENGTH);
      fields.forEach(field -> sorted.put(field.name(), field.value()));
      return sorted.entrySet().stream()
          .map(entry -> JsonWriter.quoted(entry.getKey()) + ": " + entry.getValue().canonical())
          .collect(Collectors.joining(", ", "{", "}"));
    }

    @Override
    public String typeName() {
      return "object";
    }
  }

  /// Whether `jsonb` of this contains all of `other`: `@>`.
  default boolean contains(JsonNode other) {
    return switch (this) {
      case Document document ->
          other instanceof Document some
              && some.fields().stream()
                  .allMatch(field ->
                      document
                          .field(field.name())
                          .filter(mine -> mine.contains(field.value()))
                          .isPresent());
      case Array array ->
          other instanceof Array some
              ? some.elements().stream()
                  .allMatch(wanted -> array.elements().stream().anyMatch(e -> e.contains(wanted)))
              : array.elements().stream().anyMatch(e -> e.canonical().equals(other.canonical()));
      case Literal _, Text _ -> canonical().equals(other.canonical());
    };
  }
}
