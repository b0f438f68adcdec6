package org.walstream.wire.conninfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.wire.conninfo.ConnInfoOption.*;

import java.util.EnumMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnInfoTest {

  @Test
  void readsKeywordsWithSpacesQuotesAndEscapes() {
    var info =
        ConnInfo.parse(
            "  host = a,b\tport=5433 options='-c geqo=off' user=it\\ \\'s\\\\ dbname='' password = 'it\\''");
    assertThat(info.get(HOST)).contains("a,b");
    assertThat(info.get(PORT)).contains("5433");
    assertThat(info.get(OPTIONS)).contains("-c geqo=off");
    assertThat(info.get(USER)).contains("it 's\\");
    assertThat(info.get(DBNAME)).contains("");
    assertThat(info.get(PASSWORD)).contains("it'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "host|missing \"\"=\"\" after \"\"host\"\" in connection info string",
        "host a|missing \"\"=\"\" after \"\"host\"\" in connection info string",
        "=x|invalid connection option \"\"\"\"",
        "Host=a|invalid connection option \"\"Host\"\"",
        "host='a|unterminated quoted string in connection info string",
        "host='a\\'|unterminated quoted string in connection info string",
      })
  void refusesBadKeywordsInLibpqsWords(String conninfo, String message) {
    assertThatThrownBy(() -> ConnInfo.parse(conninfo))
        .isInstanceOf(ConnInfoException.class)
        .hasMessage(message.replace("\"\"", "\""));
  }

  // The cases of src/interfaces/libpq/t/001_uri.pl say what libpq makes of these.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://uri-user:secret@host:12345/db|user=uri-user password=******** dbname=db host=host port=12345",
        "postgresql://uri-user@host:12345/|user=uri-user host=host port=12345",
        "postgresql://uri-user@|user=uri-user",
        "postgresql://host/db?user=uri-user|user=uri-user dbname=db host=host",
        "postgresql://host:12345/?user=uri%2Duser|user=uri-user host=host port=12345",
        "postgresql://?|",
        "postgresql://|",
        "postgres://|",
        "postgres:///|",
        "postgresql://host|host=host",
        "postgresql://[::1]:12345/db|dbname=db host=::1 port=12345",
        "postgresql://[2001:db8::1234]/|host=2001:db8::1234",
        "postgresql://:12345/|port=12345",
        "postgres://otheruser@/no/such/socket/path|user=otheruser dbname=no/such/socket/path",
        "postgres:///?hostaddr=127.0.0.1&port=5433|hostaddr=127.0.0.1 port=5433",
        "postgresql:///path/to?x%2dx=1|!invalid URI query parameter: \"x-x\"",
        "postgresql://%2Fvar%2Flib%2Fpostgresql/dbname|dbname=dbname host=/var/lib/postgresql",
        "postgresql://a:1,b,[::2]:3/?target_session_attrs=primary|host=a,b,::2 port=1,,3 target_session_attrs=primary",
        "postgresql:///?ssl=true|sslmode=require",
        "postgres:///?user=a=b|!extra key/value separator \"=\" in URI query parameter: \"user\"",
        "postgres:///?user|!missing key/value separator \"=\" in URI query parameter: \"user\"",
        "postgres://[::1|!end of string reached when looking for matching \"]\" in IPv6 host address in URI: \"postgres://[::1\"",
        "postgres://[]|!IPv6 host address may not be empty in URI: \"postgres://[]\"",
        "postgres://[::1]z|!unexpected character \"z\" at position 17 in URI (expected \":\" or \"/\"): \"postgres://[::1]z\"",
        "postgresql://u:pw@[::1|!end of string reached when looking for matching \"]\" in IPv6 host address in URI: \"postgresql://u:********@[::1\"",
        "postgres:///?host=%|!invalid percent-encoded token: \"%\"",
        "postgres:///?host=a%zz|!invalid percent-encoded token: \"a%zz\"",
        "postgres:///?host=%00|!forbidden value %00 in percent-encoded value: \"%00\"",
        "postgresql://ho st|!unexpected spaces found in \"ho st\", use percent-encoded spaces (%20) instead",
      })
  void readsUrisAsLibpqDoes(String uri, String expected) {
    String wanted = expected == null ? "" : expected;
    if (wanted.startsWith("!")) {
      assertThatThrownBy(() -> ConnInfo.parse(uri))
          .isInstanceOf(ConnInfoException.class)
          .hasMessage(wanted.substring(1));
    } else {
      assertThat(ConnInfo.parse(uri)).hasToString(wanted);
    }
  }

  @Test
  void decodesUtf8InUris() {
    assertThat(ConnInfo.parse("postgresql://m%C3%BCller@h/").get(USER)).contains("müller");
  }

  @Test
  void neverShowsASecret() {
    var info = ConnInfo.parse("password=hunter2 sslpassword=hunter3 user=u");
    assertThat(info.toString()).doesNotContain("hunter").contains("password=********");
    var settings = ConnectionSettings.of(info, ConnectionSettingsTest.nothingAround());
    assertThat(settings.toString()).doesNotContain("hunter");
    assertThat(settings.hosts().getFirst().password()).contains("hunter2");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsBackWhatItPrints(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 2_000; i++) {
      var values = new EnumMap<ConnInfoOption, String>(ConnInfoOption.class);
      for (ConnInfoOption option : ConnInfoOption.values()) {
        if (!option.isSecret() && random.nextInt(5) == 0) {
          values.put(option, noise(random, "ab '\\=\t%ü,/"));
        }
      }
      var info = new ConnInfo(values);
      assertThat(KeywordParser.parse(info.toString())).as("seed %d", seed).isEqualTo(info);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyTextIsOptionsOrAnError(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String[] starts = {
      "", "postgresql://", "postgres://", "host=", "user='", "postgres://u:p@[", "postgres:///?"
    };
    for (int i = 0; i < 20_000; i++) {
      String text =
          starts[random.nextInt(starts.length)] + noise(random, "ah=' \\:/?@[]%0&,\u0000ü.port");
      try {
        ConnectionSettings.of(ConnInfo.parse(text), ConnectionSettingsTest.nothingAround());
      } catch (ConnInfoException expected) {
        assertThat(expected.getMessage()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  private static String noise(RandomGenerator random, String alphabet) {
    var text = new StringBuilder();
    for (int n = random.nextInt(12); n > 0; n--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
