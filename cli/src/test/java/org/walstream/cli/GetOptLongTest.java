package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.walstream.cli.GetOptLong.Argument;
import org.walstream.cli.GetOptLong.Option;

class GetOptLongTest {

  private static final List<Option> OPTIONS =
      List.of(
          new Option("quiet", 'q', Argument.NONE),
          new Option("start", 's', Argument.REQUIRED),
          new Option("stats", 'z', Argument.OPTIONAL));

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
    assertThatThrownBy(() ->
            GetOptLong.parse(List.of("-q", "-x"), OPTIONS, (option, _) -> seen.add(option.name())))
        .isInstanceOf(GetOptLong.WrongOptionException.class);
    assertThat(seen).containsExactly("quiet");
  }

  private static String parse(String... words) {
    var seen = new ArrayList<String>();
    try {
      List<String> operands =
          GetOptLong.parse(
              List.of(words),
              OPTIONS,
              (option, value) ->
                  seen.add(value == null ? option.name() : option.name() + "=" + value));
      seen.add("|");
      seen.addAll(operands);
      return String.join(" ", seen);
    } catch (GetOptLong.WrongOptionException e) {
      return "error: " + e.getMessage();
    }
  }
}
