package org.walstream.observe.sql.function;

import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.observe.sql.json.JsonNode;
import org.walstream.observe.sql.json.JsonReader;
import org.walstream.observe.sql.json.JsonWriter;
import org.walstream.send.ArrayText;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// `json` and `jsonb`, which travel through the engine as texts. What of the arguments is JSON
/// already cannot be seen there: a text of `j` and `-`, one for each, tells.
public final class JsonFunctions {

  /// Each element is compared with each.
  private static final int COMPARED_MAX = 100_000;

  private JsonFunctions() {}

  private static ZoneId zone() {
    return QueryContext.current().session().parameters().zone();
  }

  private static JsonNode read(String text) throws SQLException {
    return JsonReader.read(text)
        .orElseThrow(() ->
            new RefusedException(
                ServerError.error(
                    SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")));
  }

  /// What a cast to `json` gives: the text as it is.
  public static @Nullable String json(@Nullable String text) throws SQLException {
    return text == null ? null : check(text);
  }

  private static String check(String text) throws SQLException {
    var _ = read(text);
    return text;
  }

  public static @Nullable String jsonb(@Nullable String text) throws SQLException {
    if (text == null) {
      return null;
    }
    try {
      return read(text).canonical();
    } catch (ArithmeticException e) {
      throw outOfRange(e);
    }
  }

  private static RefusedException outOfRange(ArithmeticException e) {
    return new RefusedException(
        ServerError.error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, String.valueOf(e.getMessage())));
  }

  // Made

  public static @Nullable String toJson(String kinds, Value value) {
    return value.getValueType() == Value.NULL ? null : element(kinds, 0, value);
  }

  /// The same where `null` is wanted for what is unknown.
  public static String element(String kinds, Value value) {
    return element(kinds, 0, value);
  }

  private static String element(String kinds, int index, Value value) {
    return JsonWriter.of(value, kinds.charAt(index) == 'j', zone());
  }

  public static String array(String kinds, Value... values) {
    var elements = new ArrayList<String>();
    for (int i = 0; i < values.length; i++) {
      elements.add(element(kinds, i, values[i]));
    }
    return "[" + String.join(", ", elements) + "]";
  }

  /// `{"a" : 1, "b" : "x"}` of names and values in turns.
  public static String object(String kinds, Value... values) throws SQLException {
    if (values.length % 2 != 0) {
      throw new RefusedException(
          ServerError.error(
                  SqlState.INVALID_PARAMETER_VALUE,
                  "argument list must have even number of elements")
              .withHint(
                  "The arguments of json_build_object() must consist of alternating keys and values."));
    }
    return "{" + String.join(", ", fields(kinds, " : ", values)) + "}";
  }

  /// `{"a":1,"b":"x"}`
  public static String row(String kinds, Value... values) throws SQLException {
    return "{" + String.join(",", fields(kinds, ":", values)) + "}";
  }

  /// `"a" : 1`
  public static String field(String kinds, Value name, Value value) throws SQLException {
    return fields(kinds, " : ", name, value).getFirst();
  }

  private static List<String> fields(String kinds, String between, Value... values)
      throws SQLException {
    var fields = new ArrayList<String>();
    for (int i = 0; i + 1 < values.length; i += 2) {
      if (values[i].getValueType() == Value.NULL) {
        throw new RefusedException(
            ServerError.error("22004", "null value not allowed for object key"));
      }
      fields.add(
          JsonWriter.quoted(String.valueOf(TextFunctions.output(values[i])))
              + between
              + element(kinds, i + 1, values[i + 1]));
    }
    return fields;
  }

  // Looked at

  public static @Nullable String get(@Nullable String json, Value key) throws SQLException {
    return find(json, List.of(key)).map(JsonNode::raw).orElse(null);
  }

  public static @Nullable String getText(@Nullable String json, Value key) throws SQLException {
    return find(json, List.of(key)).map(JsonNode::text).orElse(null);
  }

  public static @Nullable String path(@Nullable String json, Value path) throws SQLException {
    return find(json, steps(path)).map(JsonNode::raw).orElse(null);
  }

  public static @Nullable String pathText(@Nullable String json, Value path) throws SQLException {
    return find(json, steps(path)).map(JsonNode::text).orElse(null);
  }

  private static List<Value> steps(Value path) {
    if (path instanceof ValueArray array) {
      return List.of(array.getList());
    }
    return ArrayText.elements(path.getString()).stream()
        .<Value>map(step -> org.h2.value.ValueVarchar.get(String.valueOf(step)))
        .toList();
  }

  private static Optional<JsonNode> find(@Nullable String json, List<Value> steps)
      throws SQLException {
    Optional<JsonNode> node = json == null ? Optional.empty() : Optional.of(read(json));
    for (Value step : steps) {
      node = node.flatMap(n -> step(n, step, steps.size() > 1));
    }
    return node;
  }

  /// On a path, a number is a place in an array, too, when it is written as a text.
  private static Optional<JsonNode> step(JsonNode node, Value step, boolean onPath) {
    boolean isNumber = step.getValueType() == Value.INTEGER || step.getValueType() == Value.BIGINT;
    return switch (node) {
      case JsonNode.Document document when !isNumber -> document.field(step.getString());
      case JsonNode.Array array when isNumber -> array.element(step.getInt());
      case JsonNode.Array array when onPath && step.getString().matches("-?\\d{1,9}") ->
          array.element(Integer.parseInt(step.getString()));
      default -> Optional.empty();
    };
  }

  public static @Nullable Integer arrayLength(@Nullable String json) throws SQLException {
    if (json == null) {
      return null;
    }
    if (!(read(json) instanceof JsonNode.Array array)) {
      throw new RefusedException(
          ServerError.error(
              SqlState.INVALID_PARAMETER_VALUE, "cannot get array length of a non-array"));
    }
    return array.elements().size();
  }

  public static @Nullable String typeName(@Nullable String json) throws SQLException {
    return json == null ? null : read(json).typeName();
  }

  public static @Nullable Boolean contains(@Nullable String json, @Nullable String other)
      throws SQLException {
    if (json == null || other == null) {
      return null;
    }
    if (json.length() + other.length() > COMPARED_MAX) {
      throw new RefusedException(
          ServerError.error(
              SqlState.PROGRAM_LIMIT_EXCEEDED, "json is too long to be compared by this node"));
    }
    try {
      return read(json).contains(read(other));
    } catch (ArithmeticException e) {
      throw outOfRange(e);
    }
  }

  public static @Nullable Boolean has(@Nullable String json, @Nullable String key)
      throws SQLException {
    if (json == null || key == null) {
      return null;
    }
    return switch (read(json)) {
      case JsonNode.Document document -> document.field(key).isPresent();
      case JsonNode.Array array ->
          array.elements().stream()
              .anyMatch(e -> e instanceof JsonNode.Text text && text.value().equals(key));
      case JsonNode.Text text -> text.value().equals(key);
      case JsonNode.Literal _ -> false;
    };
  }
}
