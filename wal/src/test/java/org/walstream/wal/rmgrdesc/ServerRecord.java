package org.walstream.wal.rmgrdesc;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.DecodedXLogRecord;

/// A record that a real server wrote, and what that server says of it; see README.md beside the
/// files.
///
/// @param hex its bytes
public record ServerRecord(
    WalFormat format, String hex, String rmgrName, String recordName, String description) {

  /// All there are, of all versions.
  public static List<ServerRecord> all() {
    return Arrays.stream(WalFormat.values()).flatMap(format -> of(format).stream()).toList();
  }

  /// All that the servers of this version wrote.
  public static List<ServerRecord> of(WalFormat format) {
    String name = "records-%d.txt".formatted(format.majorVersion());
    var stream = requireNonNull(ServerRecord.class.getResourceAsStream(name), name);
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> parse(format, line))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ServerRecord parse(WalFormat format, String line) {
    String[] columns = line.split("\\|", 4);
    return new ServerRecord(format, columns[0], columns[1], columns[2], columns[3]);
  }

  public DecodedXLogRecord decoded() {
    return CraftedRecord.decoded(format, HexFormat.of().parseHex(hex));
  }

  @Override
  public String toString() {
    return "%s of %s: %s".formatted(recordName, rmgrName, description);
  }
}
