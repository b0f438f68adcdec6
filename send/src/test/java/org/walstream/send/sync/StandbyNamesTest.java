package org.walstream.send.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong is compared with a real PostgreSQL by `SyncStateIT` in module node.
class StandbyNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a | FIRST 1 [a]",
        "a,B , c$1 | FIRST 1 [a, B, c$1]",
        "2 (a, b) | FIRST 2 [a, b]",
        "first 2(a,b) | FIRST 2 [a, b]",
        "ANY 1 (a, \"b \"\"x\") | ANY 1 [a, b \"x]",
        "* | FIRST 1 [*]",
        "any 3 (*) | ANY 3 [*]",
        "1, 2 | FIRST 1 [1, 2]",
        "\"any\", \"first\" | FIRST 1 [any, first]",
        "3 (4, 5) | FIRST 3 [4, 5]"
      })
  void listsAreRead(String text, String read) throws Exception {
    StandbyNames names = StandbyNames.parse(text);
    assertThat(names.method() + " " + names.count() + " " + names.names()).isEqualTo(read);
    assertThat(names.text()).isEqualTo(text);
  }

  @Test
  void nameInTheListDecidesThePriority() throws Exception {
    var first = StandbyNames.parse("FIRST 2 (a, \"B\", *)");
    assertThat(first.priority("A")).isEqualTo(1);
    assertThat(first.priority("b")).isEqualTo(2);
    assertThat(first.priority("")).isEqualTo(3);
    assertThat(StandbyNames.parse("ANY 2 (a, b)").priority("b")).isEqualTo(1);
    assertThat(StandbyNames.parse("a").priority("b")).isZero();
  }

  @Test
  void countOfNoneIsSaidOfALineThatIsRightOtherwise() {
    assertThatThrownBy(() -> StandbyNames.parse("0 (a)"))
        .hasMessage("number of synchronous standbys (0) must be greater than zero");
    assertThatThrownBy(() -> StandbyNames.parse("0 (a")).hasMessage("syntax error at end of input");
  }
}
