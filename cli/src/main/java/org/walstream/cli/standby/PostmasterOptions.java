package org.walstream.cli.standby;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.walstream.cli.Program;

/// `postmaster.opts`: the command line, by which `pg_ctl restart` starts the same again and `pg_ctl
/// status` shows what runs.
///
/// ```
/// /usr/bin/walstream "standby" "-D" "/srv/pg"
/// ```
///
/// Counterpart of CreateOptsFile(), src/backend/postmaster/postmaster.c.
///
/// @param words what follows the program
record PostmasterOptions(Path dataDirectory, List<String> words) {

  private static final String FILE_NAME = "postmaster.opts";

  void write() throws IOException {
    String quoted = words.stream().map(word -> " \"" + word + "\"").collect(Collectors.joining());
    Files.writeString(dataDirectory.resolve(FILE_NAME), Program.path() + quoted + "\n", UTF_8);
  }
}
