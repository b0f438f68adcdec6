package org.walstream.wire.conninfo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

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

  private ServiceFile() {}

  /// @throws ConnInfoException if no file defines `service`, or a file is wrong
  static ConnInfo find(String service, LibpqEnvironment environment) {
    Optional<Path> named = environment.variable("PGSERVICEFILE").map(Path::of);
    if (named.isPresent() && !Files.exists(named.get())) {
      throw new ConnInfoException("service file \"%s\" not found".formatted(named.get()));
    }
    Path own = named.orElse(environment.home().resolve(".pg_service.conf"));
    return definition(own, service)
        .or(() -> systemFile(environment).flatMap(file -> definition(file, service)))
        .orElseThrow(() ->
            new ConnInfoException("definition of service \"%s\" not found".formatted(service)));
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
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new ConnInfoException(
          "could not read service file \"%s\": %s".formatted(file, e.getMessage()));
    }
    return definition(file, lines, service);
  }

  private static Optional<ConnInfo> definition(Path file, List<String> lines, String service) {
    var values = new EnumMap<ConnInfoOption, String>(ConnInfoOption.class);
    boolean inside = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
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
          "nested \"service\" specifications not supported in service file \"%s\", line %d"
              .formatted(file, lineNumber));
    }
    values.putIfAbsent(option, line.substring(equals + 1));
  }

  private static ConnInfoException syntaxError(Path file, int lineNumber) {
    return new ConnInfoException(
        "syntax error in service file \"%s\", line %d".formatted(file, lineNumber));
  }
}
