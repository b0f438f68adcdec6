package org.walstream.observe.sql.type;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordTextTest {

  /// What PostgreSQL prints of `ROW(value)`, without its parentheses.
  @Test
  void aFieldIsQuotedWhereItMustBe() {
    assertThat(RecordText.field("a_1")).isEqualTo("a_1");
    assertThat(RecordText.field("{1}")).isEqualTo("{1}");
    assertThat(RecordText.field("b c")).isEqualTo("\"b c\"");
    assertThat(RecordText.field("a,b")).isEqualTo("\"a,b\"");
    assertThat(RecordText.field("(a)")).isEqualTo("\"(a)\"");
    assertThat(RecordText.field("a\"b")).isEqualTo("\"a\"\"b\"");
    assertThat(RecordText.field("a\\b")).isEqualTo("\"a\\\\b\"");
    assertThat(RecordText.field("a\nb")).isEqualTo("\"a\nb\"");
  }

  @Test
  void nothingIsNotAnEmptyText() {
    assertThat(RecordText.field(null)).isEmpty();
    assertThat(RecordText.field("")).isEqualTo("\"\"");
  }
}
