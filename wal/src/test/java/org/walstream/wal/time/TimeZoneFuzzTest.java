package org.walstream.wal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/// Any text and any bytes make a zone or none, and a zone has an answer for every moment.
class TimeZoneFuzzTest {

  private static final int ROUNDS = 20_000;
  private static final String ALPHABET = "CETabc<>+-,/.:JM0123456789 \t\n\0xé";
  private static final String[] RULES = {
    "CET-1CEST,M3.5.0,M10.5.0/3", "<+0545>-5:45", "EST5EDT4:30:15,J60/-167,300/167:59:59", "GMT-8"
  };

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @Test
  void anyTextIsARule() {
    for (int round = 0; round < ROUNDS; round++) {
      String text = random.nextBoolean() ? anything() : mutated(RULES[random.nextInt(4)]);
      answers(PosixTimeZone.parse(text), text);
      answers(new TimeZoneSetting(text, null).rules(path -> null), text);
    }
  }

  @Test
  void anyBytesAreAZoneOrNone() {
    byte[][] seeds = {zone().version1(), zone().version2(), zone().tail("\nGMT-8\n").version2()};
    int zones = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = anyByte();
      }
      TzifFile zone = TzifFile.parse(bytes);
      if (zone != null) {
        zones++;
        answers(zone, "");
        answers(zone.withClocksOf(PosixTimeZone.parse("CET-1CEST")), "");
      }
    }
    assertThat(zones).as("seed %d", seed).isBetween(ROUNDS / 100, ROUNDS - ROUNDS / 100);
  }

  private static CraftedTzif zone() {
    return new CraftedTzif()
        .type(3208, false, "LMT")
        .type(3600, false, "CET")
        .type(7200, true, "CEST")
        .transition("1910-03-31T23:06:32Z", 1)
        .transition("1980-04-06T01:00:00Z", 2)
        .leapSecond(78_796_800, 1)
        .standardFlags(0, 1, 1)
        .universalFlags(0, 0, 1)
        .tail("\nCET-1CEST,M3.5.0,M10.5.0/3\n");
  }

  private void answers(TimeZoneRules rules, String text) {
    var time = new BrokenDownTime(rules);
    for (long moment : new long[] {0, random.nextLong(), random.nextInt(), Long.MIN_VALUE}) {
      assertThat(rules.typeAt(moment)).as("\"%s\", seed %d", text, seed).isNotNull();
      if (time.set(moment)) {
        assertThat(time.dateAndTimeOfLocale()).isNotEmpty();
      }
      WallClock.epochSecond(rules, moment);
    }
  }

  private String anything() {
    var text = new StringBuilder();
    for (int length = random.nextInt(40); length > 0; length--) {
      text.append(anyChar());
    }
    return text.toString();
  }

  private String mutated(String rule) {
    var text = new StringBuilder(rule);
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, anyChar());
        case 1 -> text.setCharAt(at, anyChar());
        default -> text.setLength(Math.max(1, at));
      }
    }
    return text.toString();
  }

  private char anyChar() {
    return ALPHABET.charAt(random.nextInt(ALPHABET.length()));
  }

  /// Mostly what counts and lengths are made of.
  private byte anyByte() {
    return (byte) (random.nextBoolean() ? random.nextInt(8) : random.nextInt(256));
  }
}
