package org.walstream.node.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Prerequisite;
import org.walstream.wal.time.BrokenDownTime;
import org.walstream.wal.time.LocalTimeType;
import org.walstream.wal.time.TimeZoneRules;

/// Every form of `TZ` beside the C library's own reading, as `date` prints it: around each change
/// of the clocks from 1970 to 2100, and here and there from year 1653 to 2400.
class SystemTimeZoneIT {

  private static final Path ZONEINFO = Path.of("/usr/share/zoneinfo");
  private static final String NO_ZONES = "there are no zone files (tzdata) in " + ZONEINFO;

  private static final int DAY = 86_400;
  private static final long YEAR_2100 = 4_102_444_800L;
  private static final long[] FAR = {-10_000_000_000L, -5_000_000_000L, 13_569_465_600L};

  private static final String[] RULES = {
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "EST5EDT4:30:15,J60/-167,300/167:59:59",
    "NZST-12NZDT,M9.5.0,M4.1.0/3",
    "<+0545>-5:45",
    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
    "IST-1GMT0,M10.5.0,M3.5.0/1",
    "GMT-8"
  };

  /// A month that does not exist: there the C library reads memory that means something else.
  private static final Pattern NO_MONTH = Pattern.compile("M(?!0*([1-9]|1[0-2])[^0-9])");

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @BeforeAll
  static void needsGnuDate() {
    needs(DateCommand.isHere(), "GNU date and glibc are not here");
  }

  private static void needs(boolean isHere, String what) {
    assumeTrue(Prerequisite.met(isHere, what), what);
  }

  @Test
  void readsEveryZoneOfTheMachine() throws IOException {
    needs(Files.isDirectory(ZONEINFO), NO_ZONES);
    try (var paths = Files.walk(ZONEINFO)) {
      List<String> names =
          paths
              .filter(Files::isRegularFile)
              .map(path -> ZONEINFO.relativize(path).toString())
              .filter(name -> !name.startsWith("posix/")) // all of them once more
              .sorted()
              .toList();
      assertThat(names).hasSizeGreaterThan(200);
      names.forEach(name -> assertSame(Map.of("TZ", name)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "::",
        ":Europe/Berlin",
        "/usr/share/zoneinfo/Europe/Berlin",
        ":/usr/share/zoneinfo/Europe/Berlin",
        "/etc/localtime",
        "../zoneinfo/Asia/Tokyo",
        "Europe",
        "/usr/share/zoneinfo",
        "/etc/passwd",
        "/nowhere/at/all",
        "Mars/Olympus_Mons",
        "europe/berlin"
      })
  void readsFilesAndWhatIsNone(String tz) {
    needs(Files.isDirectory(ZONEINFO), NO_ZONES);
    assertSame(Map.of("TZ", tz));
  }

  @Test
  void readsTheMachinesZoneWhenNotSet() {
    assertSame(Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GMT-8",
        ":GMT-8",
        "UTC",
        "UTC0",
        "EST5",
        "EST+5",
        "CET-1CEST",
        "CET-1CEST,",
        "CET-1CEST-2",
        "EST5EDT4",
        "AAA-3BBB-5:30:10",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "CET-1CEST M3.5.0,M10.5.0/3",
        "CET-1CESTM3.5.0M10.5.0",
        "CET-1CEST,M3.5.0/,M10.5.0",
        "CET-1CEST,M3.5.0/x,M10.5.0",
        "CET-1CEST,M3.5.0x,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5.0,nonsense",
        "CET-1CEST,nonsense",
        "CET-1CEST,J0,J300",
        "CET-1CEST,J366,J300",
        "CET-1CEST,366,J300",
        "CET-1CEST,0,J365/25",
        "CET-1CEST,J60,J300",
        "CET-1CEST,59,299",
        "CET-1,M3.5.0,M10.5.0/3",
        "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "<+0545>-5:45",
        "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
        "EST5EDT,M3.2.0/-167,M11.1.0/167:59:59",
        "EST5EDT,0/0,J365/25",
        "XXX-24:59:59",
        "XXX24:59:59",
        "XXX-25",
        "XXX-1:2:3",
        "XXX-1:",
        "XXX-1:60:60",
        "XXX--1",
        "XXX- 1",
        "XXX+-1",
        "XXX-65537",
        "XXX-99999999999999999999999999",
        "XXX",
        "XXX-",
        "XXXx1",
        "AB1",
        "<AB>1",
        "<ABC1",
        "<A_C>1",
        "<+1>-1",
        "5",
        "-",
        " ",
        ","
      })
  void readsRulesAndWhatIsNone(String tz) {
    assertSame(Map.of("TZ", tz));
  }

  @Test
  void readsRulesWithAnythingChanged() {
    for (int round = 0; round < 300; round++) {
      String tz = mutated(RULES[random.nextInt(RULES.length)]);
      if (!NO_MONTH.matcher(tz).find()) {
        assertSame(Map.of("TZ", tz));
      }
    }
  }

  @Test
  void takesTheChangesOfPosixrules(@TempDir Path directory) throws IOException {
    needs(Files.isDirectory(ZONEINFO), NO_ZONES);
    Path posixrules = directory.resolve("posixrules");
    for (String zone :
        new String[] {
          "America/New_York",
          "Europe/London",
          "Africa/Casablanca",
          "Australia/Sydney",
          "Asia/Tokyo",
          "America/Caracas",
          "Etc/UTC",
          "Europe/Dublin"
        }) {
      Files.deleteIfExists(posixrules);
      Files.copy(ZONEINFO.resolve(zone), posixrules);
      for (String tz : new String[] {"CET-1CEST", "EST5EDT", "AAA-3:00:01BBB-5,", "AAA3BBB3"}) {
        assertSame(Map.of("TZ", tz, "TZDIR", directory.toString()));
      }
    }
  }

  @Test
  void readsDamagedFiles(@TempDir Path directory) throws IOException {
    Path source = ZONEINFO.resolve("Europe/Berlin");
    needs(Files.exists(source), NO_ZONES);
    byte[] bytes = Files.readAllBytes(source);
    Path file = directory.resolve("XST-1");
    for (int cut :
        new int[] {
          0, 1, 2, 3, 10, 25, 26, 27, 28, 29, 30, 100, 1000, bytes.length - 44, bytes.length
        }) {
      Files.write(file, Arrays.copyOf(bytes, bytes.length - cut));
      assertSame(Map.of("TZ", file.toString()));
      assertSame(Map.of("TZ", ":XST-1", "TZDIR", directory.toString()));
    }
    for (String tail : new String[] {"\n", "x", "junk\n", "\nEST5\n"}) {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + tail.length());
      System.arraycopy(
          tail.getBytes(StandardCharsets.US_ASCII), 0, longer, bytes.length, tail.length());
      Files.write(file, longer);
      assertSame(Map.of("TZ", file.toString()));
    }
  }

  private void assertSame(Map<String, String> environment) {
    TimeZoneRules rules = SystemTimeZone.in(environment);
    List<Long> moments = moments(rules);
    List<String> ours = texts(rules, moments);
    List<String> theirs = DateCommand.texts(environment, moments);
    if (!ours.equals(theirs)) {
      var differences = new HashMap<Long, String>();
      for (int i = 0; i < moments.size(); i++) {
        String their = i < theirs.size() ? theirs.get(i) : "nothing";
        if (!ours.get(i).equals(their)) {
          differences.put(moments.get(i), their + ", not " + ours.get(i));
        }
      }
      assertThat(differences).as("%s, seed %d", environment, seed).isEmpty();
    }
  }

  private static List<String> texts(TimeZoneRules rules, List<Long> moments) {
    var time = new BrokenDownTime(rules);
    var texts = new ArrayList<String>();
    for (long moment : moments) {
      time.set(moment);
      texts.add(time.dateAndTime() + " " + time.type().abbreviation());
    }
    return texts;
  }

  /// Each of our changes with the second before, and each quarter, in case there are others.
  private List<Long> moments(TimeZoneRules rules) {
    var moments = new TreeSet<Long>();
    Arrays.stream(FAR).forEach(moments::add);
    int step = 20 * DAY;
    for (long moment = 0; moment < YEAR_2100; moment += step) {
      if (!sameClock(rules, moment, moment + step)) {
        long change = change(rules, moment, moment + step);
        moments.add(change - 1);
        moments.add(change);
      }
      if (moment / step % 4 == 0) {
        moments.add(moment + random.nextInt(step));
      }
    }
    return List.copyOf(moments);
  }

  private static long change(TimeZoneRules rules, long from, long to) {
    long before = from;
    long after = to;
    while (after - before > 1) {
      long middle = (before + after) / 2;
      if (sameClock(rules, from, middle)) {
        before = middle;
      } else {
        after = middle;
      }
    }
    return after;
  }

  private static boolean sameClock(TimeZoneRules rules, long one, long other) {
    LocalTimeType type = rules.typeAt(one);
    return type.equals(rules.typeAt(other))
        && rules.leapSecondsAt(one) == rules.leapSecondsAt(other);
  }

  private String mutated(String rule) {
    String alphabet = "CETabc<>+-,/.:JM0123456789 \t";
    var text = new StringBuilder(rule);
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      char c = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, c);
        case 1 -> text.setLength(Math.max(1, at));
        default -> text.setCharAt(at, c);
      }
    }
    return text.toString();
  }
}
