package org.walstream.send.guc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.walstream.send.guc.GucParameter.Context;

/// Every parameter that PostgreSQL 15 to 18 know, read from `parameters.tsv` when it is first asked
/// for.
public final class GucTable {

  private static final String FILE = "parameters.tsv";
  private static final int COLUMNS = 10;

  /// Names that PostgreSQL keeps for old files, and what they stand for.
  private static final Map<String, String> OLD_NAMES =
      Map.of("sort_mem", "work_mem", "vacuum_mem", "maintenance_work_mem");

  /// Two or more simple identifiers, separated by dots.
  private static final Pattern CUSTOM_NAME =
      Pattern.compile(
          "[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_$\\u0080-\\uffff]*"
              + "(\\.[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_$\\u0080-\\uffff]*)+");

  private static final Map<String, GucParameter> PARAMETERS = read();

  private GucTable() {}

  /// Finds a parameter of PostgreSQL's; upper and lower case do not matter in its name.
  public static Optional<GucParameter> find(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    return Optional.ofNullable(PARAMETERS.get(OLD_NAMES.getOrDefault(lowerCase, lowerCase)));
  }

  /// All of them, in the order of their names.
  public static List<GucParameter> all() {
    return PARAMETERS.values().stream()
        .sorted(Comparator.comparing(p -> p.name().toLowerCase(Locale.ROOT)))
        .toList();
  }

  /// Whether a name is one that extensions and applications may give to parameters of their own,
  /// which nobody need have told the server of.
  ///
  /// @throws GucException if it has a dot and still is no such name, or begins with a prefix that
  ///   is the node's own
  public static boolean isCustomName(String name) throws GucException {
    if (!name.contains(".")) {
      return false;
    } else if (!CUSTOM_NAME.matcher(name).matches()) {
      throw GucException.invalidName(
          name, "Custom parameter names must be two or more simple identifiers separated by dots.");
    } else if (name.toLowerCase(Locale.ROOT).startsWith("walstream.")) {
      throw GucException.invalidName(name, "\"walstream\" is a reserved prefix.");
    }
    return true;
  }

  private static Map<String, GucParameter> read() {
    var parameters = new HashMap<String, GucParameter>();
    try (var in = Objects.requireNonNull(GucTable.class.getResourceAsStream(FILE), FILE);
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(GucTable::parameter)
          .forEach(p -> parameters.put(p.name().toLowerCase(Locale.ROOT), p));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parameters;
  }

  /// `name versions context type unit least most values hidden-values default`
  private static GucParameter parameter(String line) {
    String[] fields = (line + "\t".repeat(COLUMNS)).split("\t", COLUMNS + 1);
    return new GucParameter(
        fields[0],
        Context.valueOf(fields[2].toUpperCase(Locale.ROOT).replace('-', '_')),
        GucParameter.Type.valueOf(fields[3].toUpperCase(Locale.ROOT)),
        GucUnit.of(fields[4]),
        fields[5].isEmpty() ? 0 : Double.parseDouble(fields[5]),
        fields[6].isEmpty() ? 0 : Double.parseDouble(fields[6]),
        words(fields[7]),
        words(fields[8]),
        fields[9]);
  }

  private static List<String> words(String field) {
    return field.isEmpty() ? List.of() : List.of(field.split(","));
  }
}
