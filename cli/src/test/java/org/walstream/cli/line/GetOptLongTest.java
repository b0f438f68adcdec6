package org.walstream.cli.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GetOptLongTest {

  private static final List<Option> OPTIONS =
      List.of(
          Option.flag('q', "quiet", "say nothing"),
          Option.value('s', "start", "LSN", "begin there"),
          Option.optionalValue('z', "stats", "record", "add up"),
          Option.flag("quickly", "our own").ofOurOwn());

  @Test
  void takesOptionsInAnyPlaceAndForm() {
    assertThat(parse("a", "-qs", "1", "--start=2", "b", "--sta", "--", "-q"))
        .isEqualTo("error: option '--sta' is ambiguous; possibilities: '--start' '--stats'");
    assertThat(parse("a", "-qs", "1", "--start=2", "b", "--star", "3", "-s4", "--", "-q"))
        .isEqualTo("quiet start=1 start=2 start=3 start=4 | a b -q");
  }

  @Test
  void takesAnOptionalValueOnlyAfterAnEqualsSign() {
    assertThat(parse("--stats", "x")).isEqualTo("stats | x");
    assertThat(parse("--stats=x")).isEqualTo("stats=x |");
    assertThat(parse("-zx")).isEqualTo("error: invalid option -- 'x'");
  }

  @Test
  void anOptionOfOurOwnIsGivenWhole() {
    assertThat(parse("--qui")).isEqualTo("quiet |");
    assertThat(parse("--quickl")).isEqualTo("error: unrecognized option '--quickl'");
    assertThat(parse("--quickly")).isEqualTo("quickly |");
  }

  @Test
  void takesALoneDashForAnOperand() {
    assertThat(parse("-")).isEqualTo("| -");
  }

  @Test
  void refusesInTheWordsOfTheCLibrary() {
    assertThat(parse("-x")).isEqualTo("error: invalid option -- 'x'");
    assertThat(parse("--nothing=1")).isEqualTo("error: unrecognized option '--nothing'");
    assertThat(parse("--quiet=1")).isEqualTo("error: option '--quiet' doesn't allow an argument");
    assertThat(parse("--start")).isEqualTo("error: option '--start' requires an argument");
    assertThat(parse("-s")).isEqualTo("error: option requires an argument -- 's'");
  }

  @Test
  void tellsWhatStandsBeforeAWrongOption() {
    var seen = new ArrayList<String>();
    assertThatThrownBy(
            () -> GetOptLong.parse(List.of("-q", "-x"), OPTIONS, given -> seen.add(given.name())))
        .isInstanceOf(WrongOptionException.class);
    assertThat(seen).containsExactly("quiet");
  }

  private static String parse(String... words) {
    var seen = new ArrayList<String>();
    try {
      List<String> operands =
          GetOptLong.parse(
              List.of(words),
              OPTIONS,
              given ->
                  seen.add(
                      given.text() == null ? given.name() : given.name() + "=" + given.text()));
      seen.add("|");
      seen.addAll(operands);
      return String.join(" ", seen);
    } catch (WrongOptionException e) {
      return "error: " + e.getMessage();
    }
  }
}
