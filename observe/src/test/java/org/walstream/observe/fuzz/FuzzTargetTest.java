package org.walstream.observe.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Inputs that are kept, among them those that once were found to break something, and inputs made
/// of them at random. `scripts/fuzz` looks for more.
///
/// `-Dwalstream.test.rounds=1000000` for more, `-Dwalstream.test.seed=…` for the same again.
@Timeout(3600)
class FuzzTargetTest {

  private static final int ROUNDS = Integer.getInteger("walstream.test.rounds", 1_000);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @ParameterizedTest
  @EnumSource(FuzzTarget.class)
  void anyBytesAreReadOrRefused(FuzzTarget target) throws IOException {
    List<byte[]> kept = kept(target);
    assertThat(kept).as("inputs of %s", target).isNotEmpty();
    for (byte[] input : kept) {
      require(target, input);
    }
    for (int round = 0; round < ROUNDS; round++) {
      require(target, changed(kept.get(random.nextInt(kept.size())), kept));
    }
  }

  private void require(FuzzTarget target, byte[] input) {
    assertThatCode(() -> target.feed(input))
        .as("seed %d: %s of %s", seed, target, HexFormat.of().formatHex(input))
        .doesNotThrowAnyException();
  }

  /// One to four changes: a byte, a piece taken out, doubled, or taken from another input.
  private byte[] changed(byte[] input, List<byte[]> others) {
    var bytes = new ArrayList<Byte>();
    for (byte b : input) {
      bytes.add(b);
    }
    for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
      int at = random.nextInt(bytes.size() + 1);
      int length = Math.min(bytes.size() - at, random.nextInt(1, 16));
      switch (random.nextInt(4)) {
        case 0 -> bytes.add(at, (byte) random.nextInt());
        case 1 -> bytes.subList(at, at + length).clear();
        case 2 -> bytes.addAll(at, List.copyOf(bytes.subList(at, at + length)));
        default -> {
          byte[] other = others.get(random.nextInt(others.size()));
          int from = random.nextInt(other.length + 1);
          for (int i = from; i < Math.min(other.length, from + length); i++) {
            bytes.add(at, other[i]);
          }
        }
      }
    }
    var array = new byte[bytes.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = bytes.get(i);
    }
    return array;
  }

  private static List<byte[]> kept(FuzzTarget target) throws IOException {
    Path directory = Path.of("src/test/fuzz", target.name().toLowerCase(Locale.ROOT));
    var inputs = new ArrayList<byte[]>();
    try (var files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
    }
    return inputs;
  }
}
