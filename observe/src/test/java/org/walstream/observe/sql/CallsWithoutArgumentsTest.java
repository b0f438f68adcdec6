package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.dialect.Translator;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Nothing between the parentheses, where something must be.
class CallsWithoutArgumentsTest {

  private static final String GROUPED = "SELECT k, sum(v) FROM (VALUES ('a', 1)) t(k, v) GROUP BY ";

  private final Translator translator = new Translator(Catalog.load());

  private void requireRefused(String sql, String sqlState) {
    assertThatThrownBy(() -> translator.translate(sql, List.of()))
        .as(sql)
        .asInstanceOf(InstanceOfAssertFactories.type(ServerError.class))
        .extracting(error -> error.diagnostic().sqlState())
        .isEqualTo(sqlState);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROLLUP ()", "CUBE ()", "k, ROLLUP ()"})
  void clausesAreNot(String clause) {
    requireRefused(GROUPED + clause, SqlState.SYNTAX_ERROR);
  }

  @Test
  void noCubeIsTooBigToBeRefused() {
    String columns = "k" + ", k".repeat(40);
    requireRefused(GROUPED + "CUBE (" + columns + ")", SqlState.FEATURE_NOT_SUPPORTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to_json",
        "to_jsonb",
        "row_to_json",
        "array_to_json",
        "json_agg",
        "jsonb_agg",
        "json_object_agg",
        "grouping",
        "string_agg",
        "array_agg",
        "sum",
        "coalesce",
        "greatest",
        "nullif",
        "unnest",
        "generate_series",
        "round",
        "extract",
        "position",
        "substring",
        "overlay",
        "trim",
        "any",
        "exists",
        "row",
        "array",
        "pg_wal_lsn_diff",
        "pg_size_pretty",
        "date_trunc",
        "format",
        "concat_ws",
        "xmlforest"
      })
  void functionsAreAnsweredOrRefused(String name) {
    for (String sql :
        List.of(
            "SELECT " + name + "()",
            "SELECT * FROM " + name + "()",
            "SELECT 1 = " + name + "()",
            "SELECT " + name + "() OVER ()",
            "SELECT " + name + "() FILTER (WHERE true)",
            GROUPED + name + "()",
            GROUPED + "ROLLUP (k) ORDER BY " + name + "()")) {
      try {
        assertThat(translator.translate(sql, List.of())).isNotNull();
      } catch (ServerError refused) {
        assertThat(refused.diagnostic().sqlState()).as(sql).isNotEqualTo(SqlState.INTERNAL_ERROR);
      }
    }
  }
}
