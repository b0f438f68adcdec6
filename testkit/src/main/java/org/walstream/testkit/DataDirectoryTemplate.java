package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Data directories as initdb leaves them, kept in the cache: copying one takes a tenth of the time
/// of making one. The copy gets a system identifier of its own.
final class DataDirectoryTemplate {

  private DataDirectoryTemplate() {}

  /// Makes `dataDirectory`, whose parent exists and belongs to the server's user.
  static void copyTo(Path dataDirectory, int major, int walSegmentMegabytes, List<String> options) {
    var template = template(major, walSegmentMegabytes, options);
    FileTree.copy(template, dataDirectory);
    try {
      SystemIdentifier.renew(dataDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException("could not renew the identifier of " + dataDirectory, e);
    }
  }

  private static synchronized Path template(
      int major, int walSegmentMegabytes, List<String> options) {
    var bin = PostgresBinaries.of(major);
    var name =
        "%s-wal%d-%08x"
            .formatted(
                String.valueOf(bin.getParent()).replaceAll(".*/", ""),
                walSegmentMegabytes,
                options.hashCode());
    var templates = ServerUser.current().own(CacheDirectory.directory("templates"));
    var template = templates.resolve(name);
    if (!Files.exists(template.resolve("PG_VERSION"))) {
      make(templates, template, bin, walSegmentMegabytes, options);
    }
    return template;
  }

  private static void make(
      Path templates, Path template, Path bin, int walSegmentMegabytes, List<String> options) {
    try {
      var fresh = ServerUser.current().own(Files.createTempDirectory(templates, "tmp"));
      var initdb = new ArrayList<>(List.of(bin.resolve("initdb").toString(), "-D"));
      initdb.addAll(List.of(fresh.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8"));
      initdb.addAll(List.of("--locale=C", "--no-sync", "--no-instructions"));
      initdb.add("--wal-segsize=" + walSegmentMegabytes);
      initdb.addAll(options);
      Command.require(ServerUser.current().command(initdb));
      PostgresBinaries.moveUnlessThere(fresh, template);
    } catch (IOException e) {
      throw new UncheckedIOException("could not make template \"" + template + "\"", e);
    }
  }
}
