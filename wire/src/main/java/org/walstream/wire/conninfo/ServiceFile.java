package org.walstream.wire.conninfo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import org.walstream.wire.ByteText;

/// Named sets of connection options:
///
/// ```
/// # comment
/// [production]
/// host=db1,db2
/// user=replicator
/// ```
///
/// Looked for in `PGSERVICEFILE` or, without it, `~/.pg_service.conf`; then `pg_service.conf` in
/// `PGSYSCONFDIR` or where packages put it.
///
/// Counterpart of parseServiceInfo() and parseServiceFile(), fe-connect.c.
final class ServiceFile {

  private static final List<String> SYSTEM_DIRECTORIES =
      List.of("/etc/postgresql-common", "/usr/local/pgsql/etc", "/etc");

  private static final int LINE_BYTES_MAX = 1022;

  private ServiceFile() {}

  /// @throws ConnInfoException if no file defines `service`, or a file is wrong
  static ConnInfo find(String service, LibpqEnvironment environment) {
    return ownFile(environment)
        .flatMap(file -> definition(file, service))
        .or(() -> systemFile(environment).flatMap(file -> definition(file, service)))
        .orElseThrow(() ->
            new ConnInfoException("definition of service \"%s\" not found".formatted(service)));
  }

  /// The file that was named must be there; the one in the home directory may be missing.
  private static Optional<Path> ownFile(LibpqEnvironment environment) {
    return environment
        .variable("PGSERVICEFILE")
        .map(Path::of)
        .or(() ->
            environment.home().map(home -> home.resolve(".pg_service.conf")).filter(Files::exists));
  }

  private static Optional<Path> systemFile(LibpqEnvironment environment) {
    List<String> directories =
        environment.variable("PGSYSCONFDIR").map(List::of).orElse(SYSTEM_DIRECTORIES);
    return directories.stream()
        .map(directory -> Path.of(directory, "pg_service.conf"))
        .filter(Files::exists)
        .findFirst();
  }

  private static Optional<ConnInfo> definition(Path file, String service) {
    try {
      String text = ByteText.of(Files.readAllBytes(file));
      return definition(file, List.of(text.split("\n", -1)), service);
    } catch (IOException e) {
      throw new ConnInfoException("service file \"%s\" not found".formatted(file));
    }
  }

  private static Optional<ConnInfo> definition(Path file, List<String> lines, String service) {
    var values = new EnumMap<ConnInfoOption, String>(ConnInfoOption.class);
    boolean inside = false;
    for (int i = 0; i < lines.size(); i++) {
      if (ByteText.bytes(lines.get(i)).length >= LINE_BYTES_MAX) {
        throw new ConnInfoException(
            "line %d too long in service file \"%s\"".formatted(i + 1, file));
      }
      String line = KeywordParser.strip(lines.get(i));
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        if (inside) {
          break;
        }
        inside = line.startsWith("[" + service + "]");
      } else if (inside) {
        entry(values, file, i + 1, line);
      }
    }
    return inside ? Optional.of(new ConnInfo(values)) : Optional.empty();
  }

  private static void entry(
      EnumMap<ConnInfoOption, String> values, Path file, int lineNumber, String line) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw syntaxError(file, lineNumber);
    }
    ConnInfoOption option =
        ConnInfoOption.of(line.substring(0, equals))
            .orElseThrow(() -> syntaxError(file, lineNumber));
    if (option == ConnInfoOption.SERVICE) {
      throw new ConnInfoException(
          "nested service specifications not supported in service file \"%s\", line %d"
              .formatted(file, lineNumber));
    }
    values.putIfAbsent(option, line.substring(equals + 1));
  }

  private static ConnInfoException syntaxError(Path file, int lineNumber) {
    return new ConnInfoException(
        "syntax error in service file \"%s\", line %d".formatted(file, lineNumber));
  }
}
