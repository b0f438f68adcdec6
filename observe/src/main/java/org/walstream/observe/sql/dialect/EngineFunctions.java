package org.walstream.observe.sql.dialect;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The engine's own functions that a query may call: those that PostgreSQL has too, and that do the
/// same. The engine has many more, some of which read and write files and load classes; nobody
/// reaches them.
final class EngineFunctions {

  /// By PostgreSQL's name; called so by the engine, but for [#RENAMED].
  private static final Set<String> NAMES =
      Set.of(
          // numbers
          "abs ceil ceiling floor round trunc sign mod power pow sqrt exp ln log log10 pi random div",
          "acos asin atan atan2 cos cot sin tan sinh cosh tanh degrees radians",
          // texts
          "length char_length character_length octet_length bit_length lower upper trim btrim ltrim",
          "rtrim left right translate substring substr overlay strpos position concat concat_ws",
          "ascii initcap",
          // times
          "to_char localtime localtimestamp current_date",
          // arrays
          "cardinality array_append array_cat trim_array unnest",
          // any, with words that the parser takes for functions
          "any some all array row coalesce nullif greatest least",
          // aggregates and windows
          "count sum avg min max every bool_and bool_or any_value string_agg array_agg listagg",
          "stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp",
          "regr_slope regr_intercept regr_count regr_r2 bit_and bit_or percentile_cont",
          "percentile_disc mode row_number rank dense_rank percent_rank cume_dist ntile lag lead",
          "first_value last_value nth_value json_object json_array json_objectagg json_arrayagg");

  /// The engine's name where it differs.
  private static final Map<String, String> RENAMED =
      Map.of(
          "random", "RAND",
          "pow", "POWER",
          "log", "LOG10",
          "strpos", "INSTR",
          "btrim", "TRIM",
          "bit_and", "BIT_AND_AGG",
          "bit_or", "BIT_OR_AGG");

  private static final Set<String> KNOWN = Set.of(String.join(" ", NAMES).split(" "));

  private EngineFunctions() {}

  /// What the engine calls a function of PostgreSQL's; empty if there is none, or none for queries.
  static Optional<String> find(String name) {
    return KNOWN.contains(name)
        ? Optional.of(RENAMED.getOrDefault(name, name.toUpperCase(java.util.Locale.ROOT)))
        : Optional.empty();
  }
}
