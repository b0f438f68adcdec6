package org.walstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;

class RedoOptionsTest {

  private final RedoOptions options = new RedoOptions();

  @Test
  void allWorkloadsUnlessSomeAreNamed() {
    assertThat(options.workloads).containsExactly(RedoWorkload.values());
    give("workload", "random, copy");
    assertThat(options.workloads).containsExactly(RedoWorkload.RANDOM, RedoWorkload.COPY);
    assertThat(options.ownInput()).isNull();
  }

  @Test
  void aRowForEachNumberOfWorkers() {
    give("workers", "1,2,8");
    assertThat(options.workers).containsExactly(1, 2, 8);
  }

  @Test
  void ownBackupAndWalComeTogetherAndAlone() {
    give("base", "/b");
    assertThatThrownBy(options::ownInput)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--base and --wal must be given together");
    give("wal", "/w");
    assertThat(options.ownInput())
        .isEqualTo(new RedoOptions.OwnInput(Path.of("/b"), Path.of("/w")));
    give("workload", "copy");
    assertThatThrownBy(options::ownInput)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("cannot use --base together with --workload");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> give("workload", "copy,paste"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("\"paste\" is none of: pgbench, copy, updates, random");
    assertThatThrownBy(() -> give("workers", "0")).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> give("workers", "1,")).isInstanceOf(UsageException.class);
    assertThat(options.take(new Given(Option.flag("quick", ""), null))).isFalse();
  }

  private void give(String name, String value) {
    Option option =
        Arrays.stream(RedoOptions.TABLE)
            .filter(row -> row.name().equals(name))
            .findFirst()
            .orElseThrow();
    assertThat(options.take(new Given(option, value))).isTrue();
  }
}
