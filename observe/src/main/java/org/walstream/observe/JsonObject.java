package org.walstream.observe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A JSON object to be told, member after member, in the order in which they were put. One thread.
public final class JsonObject {

  private final Map<String, String> members = new LinkedHashMap<>();

  /// One without members.
  public JsonObject() {}

  public JsonObject put(String name, String value) {
    members.put(name, quoted(value));
    return this;
  }

  public JsonObject put(String name, long value) {
    members.put(name, Long.toString(value));
    return this;
  }

  public JsonObject put(String name, boolean value) {
    members.put(name, Boolean.toString(value));
    return this;
  }

  public JsonObject put(String name, JsonObject value) {
    members.put(name, value.toString());
    return this;
  }

  public JsonObject put(String name, List<JsonObject> values) {
    members.put(
        name,
        values.stream().map(JsonObject::toString).collect(Collectors.joining(", ", "[", "]")));
    return this;
  }

  /// A member that is left out when there is no value.
  public JsonObject putIfPresent(String name, Optional<String> value) {
    value.ifPresent(v -> put(name, v));
    return this;
  }

  private static String quoted(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /// On one line.
  @Override
  public String toString() {
    return members.entrySet().stream()
        .map(member -> quoted(member.getKey()) + ": " + member.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
