package org.walstream.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

  @TempDir Path directory;

  private Configuration load(String text) throws IOException, ConfigurationException {
    return Configuration.load(
        Files.writeString(directory.resolve("walstream.conf"), text), Map.of());
  }

  @Test
  void readsWhatPostgresqlConfCanSay() throws Exception {
    var configuration =
        load(
            """
            # a comment
            port = 6000   # another
            WAL_KEEP_SIZE 2GB
            primary_conninfo='host=a password=''it\\'s\\ta''  # not a comment'
            wal_sender_timeout = '5min'
            walstream.verify_wal = of
            """);
    assertThat(configuration.get(Parameters.PORT)).isEqualTo(6000);
    assertThat(configuration.get(Parameters.WAL_KEEP_SIZE)).isEqualTo(2048);
    assertThat(configuration.get(Parameters.PRIMARY_CONNINFO))
        .isEqualTo("host=a password='it's\ta'  # not a comment");
    assertThat(configuration.get(Parameters.WAL_SENDER_TIMEOUT)).isEqualTo(300_000);
    assertThat(configuration.get(Parameters.VERIFY_WAL)).isFalse();
    assertThat(configuration.get(Parameters.MAX_WAL_SENDERS)).isEqualTo(500);
  }

  /// As a server: in a comment a byte 0 is nothing, and a text ends where C ends it.
  @Test
  void byteZeroEndsAValue() throws Exception {
    var configuration = load("# a\0b\ncluster_name = 'ab\\000cd'\n");
    assertThat(configuration.get(Parameters.CLUSTER_NAME)).isEqualTo("ab");
  }

  @ParameterizedTest
  @CsvSource({
    "wal_sender_timeout, 60000, 1min",
    "wal_sender_timeout, 1500, 1500ms",
    "wal_sender_timeout, 0, 0",
    "wal_keep_size, 1024, 1GB",
    "max_slot_wal_keep_size, -1, -1",
    "walstream.verify_wal, yes, on",
    "port, 6000, 6000"
  })
  void showsValuesInTheLargestUnitThatFits(String name, String value, String shown)
      throws Exception {
    assertThat(load(name + " = " + value).show(name)).contains(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot = 1 | unrecognized configuration parameter \"prot\"",
        "port = 5432x | invalid value for parameter \"port\": \"5432x\"",
        "port = -1 | -1 is outside the valid range for parameter \"port\" (0 .. 65535)",
        "wal_keep_size = 10s | Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\"",
        "wal_keep_size = 9999999999999999TB | Value exceeds integer range",
        "walstream.verify_wal = maybe | requires a Boolean value",
        "walstream.forward = soon | Available values: written, flushed",
        "foo.bar.baz = 1 | near token \"foo.bar.baz\"",
        "walstream.fast = on | invalid configuration parameter name \"walstream.fast\"",
        "shared_buffers = banana | invalid value for parameter \"shared_buffers\": \"banana\"",
        "wal_level = much | Available values: minimal, replica, logical",
        "primary_slot_name = 'Bad-Name' | replication slot name \"Bad-Name\" contains invalid character",
        "wal_sender_timeout = 0.5s | near token \"s\"",
        "wal_sender_timeout = 08 | invalid value for parameter \"wal_sender_timeout\": \"08\"",
        "wal_sender_timeout = 1e3 | near token \"3\"",
        "cluster_name = 'x'y | near token \"y\"",
        "include_dir 'none.d' | could not open configuration directory",
        "port = | near end of line",
        "port = 1 2 | near token \"2\"",
        "= 5 | near token \"=\"",
        "cluster_name = 'x\0y' | near token \"'\"",
        "cluster_name = x\0y | near token \"\"",
        "port\0 = 1 | near token \"\"",
        "cluster_name = 'x | near token \"'\"",
        "unix_socket_directories = '/tmp, @x' | \"/tmp, @x\" (Java has no address for an abstract Unix-domain socket)",
        "include = 'none.conf' | none.conf"
      })
  void namesFileAndLineOfWhatIsWrong(String line, String message) {
    assertThatThrownBy(() -> load("\n\n" + line + "\n"))
        .hasMessageContaining(message)
        .satisfies(e -> {
          if (e instanceof ConfigurationException) {
            assertThat(e).hasMessageContaining("walstream.conf\" line 3");
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wal_sender_timeout = '0.5s' | 500ms",
        "wal_sender_timeout = 100.7 | 101ms",
        "wal_sender_timeout = '500us' | 0",
        "wal_sender_timeout = '1500us' | 2ms",
        "wal_sender_timeout = 0x10 | 16ms",
        "wal_sender_timeout = 010 | 8ms",
        "wal_sender_timeout = '\\065s' | 5s",
        "wal_sender_timeout = '1e3' | 1s",
        "wal_sender_timeout = 1.5e3 | 1500ms",
        "wal_sender_timeout = ' 2 min ' | 2min",
        "wal_keep_size = 524288kB | 512MB",
        "wal_keep_size = '0.5GB' | 512MB",
        "max_slot_wal_keep_size = -1 | -1",
        "log_connections = 'receipt, authorization' | receipt, authorization",
        "log_connections = yes | yes",
        "log_min_messages = DEBUG | debug2",
        "foo.bar = 'x' | x",
        "cluster_name = 'b\u00fcro' | b\\xc3\\xbcro"
      })
  void readsNumbersAndTextsAsPostgresqlDoes(String line, String shown) throws Exception {
    assertThat(load(line).show(line.substring(0, line.indexOf(' ')))).contains(shown);
  }

  @Test
  void passesOverWhatOnlyPostgresqlKnowsAndSaysWhat() throws Exception {
    var configuration =
        load("shared_buffers = 128MB\nwork_mem = 4MB\nport = 1\nwork_mem = 8MB\nfoo.bar = 1");
    assertThat(configuration.passedOver()).containsExactly("shared_buffers", "work_mem");
    assertThat(configuration.get(Parameters.PORT)).isEqualTo(1);
  }

  @Test
  void commentsMayBeInAnyEncoding() throws Exception {
    Path file = directory.resolve("latin1.conf");
    Files.writeString(file, "port = 7 # f\u00fcr alle", StandardCharsets.ISO_8859_1);
    assertThat(Configuration.load(file, Map.of()).get(Parameters.PORT)).isEqualTo(7);
  }

  @Test
  void includesFilesInTheirPlaceAndRefusesCircles() throws Exception {
    Files.writeString(directory.resolve("more.conf"), "port = 2");
    Files.createDirectory(directory.resolve("conf.d"));
    Files.writeString(directory.resolve("conf.d/b.conf"), "cluster_name = b");
    Files.writeString(directory.resolve("conf.d/a.conf"), "cluster_name = a");
    Files.writeString(directory.resolve("conf.d/c.txt"), "nonsense");
    var configuration =
        load(
            "port = 1\ninclude 'more.conf'\ninclude_dir 'conf.d'\ninclude_if_exists 'absent.conf'");
    assertThat(configuration.get(Parameters.PORT)).isEqualTo(2);
    assertThat(configuration.get(Parameters.CLUSTER_NAME)).isEqualTo("b");
    assertThatThrownBy(() -> load("include 'walstream.conf'"))
        .hasMessageContaining("maximum nesting depth exceeded");
  }

  @Test
  void theSampleFileSaysTheDefaults() throws Exception {
    var uncommented = SampleFile.text().replaceAll("(?m)^#(\\w)", "$1");
    var configuration = load(uncommented);
    for (Parameter<?> parameter : Parameters.ALL) {
      assertThat(uncommented).contains("\n" + parameter.name() + " = ");
      assertThat(configuration.get(parameter))
          .as(parameter.name())
          .isEqualTo(parameter.defaultValue());
    }
  }

  @Test
  void tellsWhichChangesNeedARestart() throws Exception {
    assertThat(load("port = 1\nwal_keep_size = 5").needRestart(Configuration.defaults()))
        .containsExactly("port");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void neverFailsWithAnythingButItsDeclaredErrors(long seed) throws Exception {
    RandomGenerator random = new java.util.SplittableRandom(seed);
    String alphabet = "port= '\\#\n\tinclude_dwal.k1MB\0é";
    for (int i = 0; i < 3000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        load(text.toString());
      } catch (ConfigurationException | IOException expected) {
        assertThat(expected.getMessage()).as("seed %d text %s", seed, text).isNotEmpty();
      }
    }
  }
}
