package org.walstream.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFormTest {

  private static final Instant TIME = Instant.parse("2026-11-24T10:00:00.007Z");

  @Test
  void lineHasThePrefix() {
    String line = new PrefixedForm("%t %b%% [%p] %u").line(TIME, Severity.LOG, "send", "a\nb");
    assertThat(line).endsWith("send%% [%d] LOG:  a\n\tb".formatted(ProcessHandle.current().pid()));
  }

  /// As a server's postmaster writes them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`[%b] %q%u@%d `|`[send] `",
        "`%-6b,%6b,`|`send  ,  send,`",
        "`%n `|`1795514400.007 `",
        "`%5u%-3x.`|`     0  .`",
        "`%b %`|`send `",
        "`%b%12`|`send`",
      })
  void escapesAreAServers(String prefix, String written) {
    assertThat(new PrefixedForm(prefix).line(TIME, Severity.LOG, "send", "a"))
        .isEqualTo(written + "LOG:  a");
  }

  @Test
  void aToolSaysItsName() {
    var form = new ToolForm("pg_receivewal");
    assertThat(form.line(TIME, Severity.WARNING, "store", "a"))
        .isEqualTo("pg_receivewal: warning: a");
    assertThat(form.line(TIME, Severity.ERROR, "store", "a")).isEqualTo("pg_receivewal: error: a");
    assertThat(form.line(TIME, Severity.LOG, "store", "a")).isEqualTo("pg_receivewal: a");
  }

  @Test
  void jsonNumbersItsLinesAndNamesTheTrouble() {
    var form = new JsonForm();
    assertThat(form.line(TIME, Severity.LOG, "receive", "a \"b\"\nc"))
        .contains(
            "\"line_num\": 1,", "\"error_severity\": \"LOG\", \"message\": \"a \\\"b\\\"\\nc\"")
        .contains("\"backend_type\": \"walreceiver\"")
        .contains(".007 ")
        .doesNotContain("\n", "state_code");
    assertThat(form.line(TIME, Severity.ERROR, "store", "a"))
        .contains("\"line_num\": 2,", "\"state_code\": \"XX000\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stderr | true | false",
        "'' | true | false",
        "JsonLog | false | true",
        "stderr, jsonlog | true | true",
        "csvlog | true | false",
        "csvlog,syslog | true | false"
      })
  void destinationsAreAList(String text, boolean lines, boolean json) {
    assertThat(LogDestination.parse(text)).isEqualTo(new LogDestination(text, lines, json));
  }

  @Test
  void whatIsNoDestinationIsNamed() {
    assertThatThrownBy(() -> LogDestination.parse("stderr, paper"))
        .hasMessage("Unrecognized key word: \"paper\".");
    assertThatThrownBy(() -> LogDestination.parse("stderr,")).hasMessage("List syntax is invalid.");
  }
}
