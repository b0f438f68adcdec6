package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.store.compress.Compression;
import org.walstream.store.compress.Compression.Method;

class ReceiveCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "-h x|no target directory specified",
        "-D a b|too many command-line arguments (first is \"b\")",
        "--create-slot --drop-slot -S s|cannot use --create-slot together with --drop-slot",
        "--create-slot|--create-slot needs a slot to be specified using --slot",
        "--drop-slot|--drop-slot needs a slot to be specified using --slot",
        "-D a --synchronous --no-sync|cannot use --synchronous together with --no-sync",
        "-D a -E 0|could not parse end position \"0\"",
        "-D a -s -1|-s/--status-interval must be in range 0..2147483",
        "-D a -s ten|invalid value \"ten\" for option -s/--status-interval",
        "-D a -Z bzip2|unrecognized compression algorithm: \"bzip2\"",
        "-D a -Z gzip:12|invalid compression specification: compression algorithm \"gzip\" expects a"
            + " compression level between 1 and 9",
        "-D a -d nonsense=1|invalid connection option \"nonsense\"",
        "-D /nonexistent -h /nonexistent|could not open directory \"/nonexistent\": No such file or"
            + " directory",
      })
  void wrongCommandLinesAreRefusedInPostgresWords(String arguments, String message) {
    assertThat(failure(arguments.split(" ")))
        .startsWith("walstream receive: error: " + message + "\n");
  }

  @Test
  void optionsThatThereAreNotAreRefusedAsGetoptDoes() {
    assertThat(failure("-D", "a", "--nonsense"))
        .startsWith("walstream receive: unrecognized option '--nonsense'\n");
    assertThat(failure("-D")).startsWith("walstream receive: option requires an argument -- 'D'\n");
  }

  @Test
  void compressionIsReadAsPgReceivewalReadsIt() {
    assertThat(CompressOption.parse("none")).isEqualTo(Compression.NONE);
    assertThat(CompressOption.parse("0")).isEqualTo(Compression.NONE);
    assertThat(CompressOption.parse("gzip"))
        .isEqualTo(new Compression(Method.GZIP, OptionalInt.empty()));
    assertThat(CompressOption.parse("6"))
        .isEqualTo(new Compression(Method.GZIP, OptionalInt.of(6)));
    assertThat(CompressOption.parse("lz4:level=9"))
        .isEqualTo(new Compression(Method.LZ4, OptionalInt.of(9)));
    assertThat(CompressOption.parse("zstd:3"))
        .isEqualTo(new Compression(Method.ZSTD, OptionalInt.of(3)));
    assertThatThrownBy(() -> CompressOption.parse("gzip:"))
        .hasMessageEndingWith("found empty string where a compression option was expected");
    assertThatThrownBy(() -> CompressOption.parse("none:1"))
        .hasMessageEndingWith("compression algorithm \"none\" does not accept a compression level");
    assertThatThrownBy(() -> CompressOption.parse("zstd:workers=2"))
        .hasMessageEndingWith("unrecognized compression option: \"workers\"");
    assertThatThrownBy(() -> CompressOption.parse("gzip:level=high"))
        .hasMessageEndingWith("value for compression option \"level\" must be an integer");
  }

  private static String failure(String... arguments) {
    var words = new ArrayList<>(List.of("receive"));
    words.addAll(List.of(arguments));
    Ran ran = Ran.walstream(words.toArray(String[]::new));
    assertThat(ran.exitCode()).isEqualTo(1);
    return ran.errors();
  }
}
