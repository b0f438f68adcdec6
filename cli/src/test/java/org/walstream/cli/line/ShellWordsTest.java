package org.walstream.cli.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShellWordsTest {

  @Test
  void blanksAndQuotesSplitAsInAShell() {
    assertThat(ShellWords.of("a  b\tc")).containsExactly("a", "b", "c");
    assertThat(ShellWords.of("-d 'host=a port=1' x")).containsExactly("-d", "host=a port=1", "x");
    assertThat(ShellWords.of("--d=\"user='x y'\"z")).containsExactly("--d=user='x y'z");
    assertThat(ShellWords.of("a\\ b '\\' \"\\\"\"")).containsExactly("a b", "\\", "\"");
    assertThat(ShellWords.of("'' \"\"")).containsExactly("", "");
    assertThat(ShellWords.of("")).isEmpty();
    assertThat(ShellWords.of("  ")).isEmpty();
  }

  @Test
  void whatIsNotClosedEndsWithTheLine() {
    assertThat(ShellWords.of("-d 'host=a ")).containsExactly("-d", "host=a ");
    assertThat(ShellWords.of("a\\")).containsExactly("a\\");
  }
}
