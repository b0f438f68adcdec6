package org.walstream.send.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.testkit.PrivateFile;
import org.walstream.wire.auth.ScramSecret;

class UsersFileTest {

  private static final String SECRET = ScramSecret.of("p").format();

  @TempDir Path directory;

  @Test
  void attributesFollowNameAndSecret() throws Exception {
    var users =
        read(
            """
            ; pgbouncer's comment
            # ours
            "rep" "%s" replication
            "mon" "md5aabbccddeeff00112233445566778899" MONITOR valid until '2027-01-01'
            "both" "" replication monitor
            "a ""b""\" "%s"
            """
                .formatted(SECRET, SECRET));
    assertThat(users.find("rep"))
        .hasValueSatisfying(u -> {
          assertThat(u.secret()).contains(SECRET);
          assertThat(u.replication()).isTrue();
          assertThat(u.monitor()).isFalse();
        });
    assertThat(users.find("mon").orElseThrow().validUntil())
        .contains(Instant.parse("2027-01-01T00:00:00Z"));
    assertThat(users.find("both").orElseThrow().secret()).isEmpty();
    assertThat(users.find("a \"b\"")).isPresent();
    assertThat(users.find("other")).isEmpty();
  }

  @Test
  void superuserMayEverything() throws Exception {
    var users = read("\"super\" \"\" superuser\n\"signal\" \"\" signal\n");
    var superuser = users.find("super").orElseThrow();
    assertThat(superuser.superuser()).isTrue();
    assertThat(superuser.replication()).isTrue();
    assertThat(superuser.monitor()).isTrue();
    assertThat(superuser.signal()).isTrue();
    var signal = users.find("signal").orElseThrow();
    assertThat(signal.signal()).isTrue();
    assertThat(signal.monitor()).isFalse();
    assertThat(signal.superuser()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2027-01-01 12:30:00+02, 2027-01-01T10:30:00Z",
    "2027-01-01 12:30:00.25+05:30, 2027-01-01T07:00:00.250Z",
    "2027-01-01 12:30, 2027-01-01T12:30:00Z",
    "2027-01-01T12:30:00Z, 2027-01-01T12:30:00Z"
  })
  void expiryIsATimestampAsPeopleWriteIt(String text, String instant) throws Exception {
    var user = read("\"u\" \"%s\" valid until '%s'\n".formatted(SECRET, text)).find("u");
    assertThat(user.orElseThrow().validUntil()).contains(Instant.parse(instant));
  }

  @Test
  void expiredPasswordIsNoPassword() throws Exception {
    var user = read("\"u\" \"%s\" valid until '2027-01-01'\n".formatted(SECRET)).find("u");
    assertThat(user.orElseThrow().secretAt(Instant.parse("2026-12-31T23:59:59Z"))).isPresent();
    assertThat(user.orElseThrow().secretAt(Instant.parse("2027-01-01T00:00:01Z"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rep secret | expected \"name\" \"secret\" attributes",
        "\"u\" \"plain\" | the secret of user \"u\" is neither SCRAM-SHA-256 nor md5: make it with \"walstream passwd\"",
        "\"u\" \"\" createdb | unrecognized role option \"createdb\"",
        "\"u\" \"\" valid until 'soon' | invalid input syntax for type timestamp with time zone: \"soon\""
      })
  void whatIsWrongIsNamedWithFileAndLine(String line, String message) {
    assertThatThrownBy(() -> read(line + "\n"))
        .isInstanceOf(HbaException.class)
        .hasMessage(
            "%s (line 1 of configuration file \"%s\")"
                .formatted(message, directory.resolve("users")));
  }

  @Test
  void userDefinedTwiceIsAnError() {
    assertThatThrownBy(() -> read("\"u\" \"\"\n\"u\" \"\" monitor\n"))
        .hasMessageStartingWith("user \"u\" is defined twice (line 2");
  }

  @Test
  void fileThatIsNotThereHoldsNobody() throws Exception {
    assertThat(UsersFile.read(directory.resolve("none")).users()).isEmpty();
  }

  @Test
  void fileThatOthersMayReadIsRefused() throws Exception {
    Path file = PrivateFile.write(directory.resolve("users"), "\"u\" \"\"\n");
    assertThat(UsersFile.read(file).find("u")).isPresent();
    PrivateFile.setMode(file, "rw----r--");
    assertThatThrownBy(() -> UsersFile.read(file))
        .isInstanceOf(HbaException.class)
        .hasMessage(
            ("users file \"%s\" has group or world access: File must have permissions u=rw (0600) or"
                    + " less if owned by the database user, or permissions u=rw,g=r (0640) or less"
                    + " if owned by root.")
                .formatted(file));
    assertThatThrownBy(() -> UsersFile.read(directory))
        .hasMessage("users file \"%s\" is not a regular file".formatted(directory));
  }

  private UsersFile read(String text) throws IOException, HbaException {
    return UsersFile.read(PrivateFile.write(directory.resolve("users"), text));
  }
}
