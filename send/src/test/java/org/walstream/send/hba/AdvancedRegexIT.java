package org.walstream.send.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;

/// Regular expressions: what a node matches a PostgreSQL 18 matches too, and what it cannot
/// translate it refuses.
@Timeout(600)
class AdvancedRegexIT {

  private static final List<String> NAMES =
      List.of(
          "",
          "a",
          "A",
          "b",
          "ab",
          "abc",
          "rep1",
          "rep_2",
          "a-b",
          "a.b",
          "a b",
          "a+b",
          "a\nb",
          "\n",
          "a\n",
          "x]y",
          "x[y",
          "a&&b",
          "^",
          "\\",
          "{",
          "a{",
          "aa",
          "aaa",
          "1",
          "12",
          "\u00e9",
          "\u00e9t\u00e9",
          "a/b",
          "a#b",
          "-",
          "a'b",
          "_",
          "\t");

  private static PostgresServer postgres;
  private static PreparedStatement matches;

  @BeforeAll
  static void start() throws Exception {
    postgres = PostgresServer.builder(18).start();
    matches = postgres.jdbc().prepareStatement("SELECT ? ~ (? COLLATE \"C\")");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  /// Everything the manual describes, of which nothing need be refused.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "^a$",
        "a|b",
        "(a)(b)?",
        "(?:ab)+c",
        "^rep[0-9]+$",
        "^[[:alpha:]]+$",
        "^[^[:alpha:]]+$",
        "[[:digit:][:space:]]",
        "^[[:upper:][:lower:]_]*$",
        "[[:punct:]]",
        "[[:blank:]]",
        "[[:xdigit:]]{2}",
        "^[[:alnum:]]$",
        "[[:cntrl:]]",
        "[[:graph:]]",
        "^[[:print:]]+$",
        "[[:word:]]",
        "[[:ascii:]]",
        "[[.hyphen.]]",
        "[[.-.]]",
        "[[=a=]]",
        "[]]",
        "[^]]",
        "[a-]",
        "[-a]",
        "[a&&b]",
        "[[]",
        "x[[]y",
        "^[a-c]+$",
        "[\\d-]",
        "^[\\w.]+$",
        "\\d",
        "^\\w+$",
        "\\s",
        "\\D",
        "\\S",
        "\\W",
        "a\\.b",
        "a\\+b",
        "a\\ b",
        "\\^",
        "\\\\",
        "\\B",
        "{",
        "a{",
        "a{x",
        "a{2}",
        "^a{2,}$",
        "^a{1,2}$",
        "a{2}?",
        "a*?b",
        "a+?",
        "a??",
        ".",
        "^.$",
        "a.b",
        "^$",
        "\\A\\Z",
        "\\ma",
        "a\\M",
        "\\ya\\y",
        "\\Yb",
        "[[:<:]]a",
        "a[[:>:]]",
        "(a)\\1",
        "(?=a)ab",
        "a(?!b)",
        "(?<=a)b",
        "(?<!a)b",
        "a(?#comment)b",
        "***=a.b",
        "***:a.b",
        "***=[",
        "(?i)A",
        "(?c)A",
        "(?q)a.b",
        "(?n)^b",
        "(?n)a.b",
        "(?n)a[^x]b",
        "(?p)^b",
        "(?w)^b",
        "(?w)a$",
        "(?s)a.b",
        "(?x)a b # c",
        "(?x)a\\ b",
        "(?x)[a b]{3}",
        "\\x61",
        "\\u0061",
        "\\U00000061",
        "\\0141",
        "\\e",
        "\\t",
        "\\n",
        "\\a",
        "\\cA",
        "\u00e9",
        "[\u00e9]",
        "^[[:alpha:]]*\u00e9",
        "a/b",
        "a#b",
        "'",
        "()",
        "a||b",
        "(|a)$"
      })
  void matchesWhatPostgresqlMatches(String expression) throws Exception {
    for (String name : NAMES) {
      assertThat(Optional.of(AdvancedRegex.compile(expression).matcher(name).find()))
          .as("'%s' ~ '%s'", name, expression)
          .isEqualTo(theirs(name, expression));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a**",
        "a*+",
        "a++",
        "a?+",
        "a{2}+",
        "a{2}{3}",
        "*a",
        "(*a)",
        "a|*b",
        "^*",
        "+",
        "(",
        ")",
        "[",
        "[a",
        "[[:alpha:]",
        "[[:nosuch:]]",
        "[[.nosuch.]]",
        "[b-a]",
        "[a-\\d]",
        "\\",
        "a\\",
        "\\q",
        "\\1",
        "(a)\\2",
        "a{1,2",
        "a{256}",
        "a{2,1}",
        "\\x",
        "\\u12",
        "\\u{61}",
        "(?z)a",
        "***",
        "***x",
        "(?P<n>a)",
        "(?<n>a)",
        "(?>a)",
        "\\pL",
        "\\Qa\\E",
        "\\h",
        "\\G",
        "\\R",
        "\\z"
      })
  void refusesWhatPostgresqlRefuses(String expression) throws Exception {
    assertThat(ours("a", expression)).isEmpty();
    assertThat(theirs("a", expression)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverIsWrittenIsMatchedAlikeOrRefused(long seed) throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String[] pieces = {
      "a",
      "b",
      "1",
      "_",
      ".",
      "*",
      "+",
      "?",
      "{2}",
      "{",
      "}",
      "(",
      ")",
      "|",
      "^",
      "$",
      "[",
      "]",
      "[^",
      "-",
      "[:alpha:]",
      "\\d",
      "\\w",
      "\\m",
      "\\y",
      "(?:",
      "(?=",
      "(?!",
      "&&",
      "\\.",
      "\n",
      " ",
      "#",
      "\\1",
      "[[:digit:]]",
      "\u00e9"
    };
    for (int i = 0; i < 1500; i++) {
      var expression = new StringBuilder();
      for (int n = 1 + random.nextInt(7); n > 0; n--) {
        expression.append(pieces[random.nextInt(pieces.length)]);
      }
      String name = NAMES.get(random.nextInt(NAMES.size()));
      Optional<Boolean> our = ours(name, expression.toString());
      if (our.isPresent()) {
        assertThat(our)
            .as("seed %d: '%s' ~ '%s'", seed, name, expression)
            .isEqualTo(theirs(name, expression.toString()));
      }
    }
  }

  @Test
  void whatIsNotTranslatedIsRefused() throws Exception {
    assertThat(ours("a", "(?b)a")).isEmpty(); // POSIX's basic expressions
    assertThat(theirs("a", "(?b)a")).contains(true);
  }

  private static Optional<Boolean> ours(String name, String expression) {
    try {
      return Optional.of(AdvancedRegex.compile(expression).matcher(name).find());
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Boolean> theirs(String name, String expression) throws SQLException {
    matches.setString(1, name);
    matches.setString(2, expression);
    try (ResultSet result = matches.executeQuery()) {
      result.next();
      return Optional.of(result.getBoolean(1));
    } catch (SQLException refused) {
      return Optional.empty();
    }
  }
}
