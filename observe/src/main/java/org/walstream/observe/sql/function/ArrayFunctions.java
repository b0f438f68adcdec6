package org.walstream.observe.sql.function;

import java.util.List;
import java.util.stream.Stream;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.jspecify.annotations.Nullable;

/// Arrays, where the engine has no operator.
public final class ArrayFunctions {

  private ArrayFunctions() {}

  private static List<String> texts(ValueArray array) {
    return Stream.of(array.getList())
        .filter(element -> element.getValueType() != Value.NULL)
        .map(element -> String.valueOf(TextFunctions.output(element)))
        .toList();
  }

  /// `array @> other`
  public static @Nullable Boolean contains(Value array, Value other) {
    if (!(array instanceof ValueArray all) || !(other instanceof ValueArray some)) {
      return null;
    }
    return texts(some).size() == some.getList().length && texts(all).containsAll(texts(some));
  }

  /// `array && other`
  public static @Nullable Boolean overlaps(Value array, Value other) {
    if (!(array instanceof ValueArray all) || !(other instanceof ValueArray some)) {
      return null;
    }
    List<String> here = texts(all);
    return texts(some).stream().anyMatch(here::contains);
  }

  /// Counted from 1; null if it is not there.
  public static @Nullable Integer position(Value array, Value element) {
    if (!(array instanceof ValueArray all)) {
      return null;
    }
    for (int i = 0; i < all.getList().length; i++) {
      Value each = all.getList()[i];
      boolean bothNull = each.getValueType() == Value.NULL && element.getValueType() == Value.NULL;
      if (bothNull
          || (each.getValueType() != Value.NULL
              && element.getValueType() != Value.NULL
              && String.valueOf(TextFunctions.output(each))
                  .equals(TextFunctions.output(element)))) {
        return i + 1;
      }
    }
    return null;
  }

  public static int nulls(Value... values) {
    return (int) Stream.of(values).filter(value -> value.getValueType() == Value.NULL).count();
  }

  public static int nonNulls(Value... values) {
    return values.length - nulls(values);
  }
}
