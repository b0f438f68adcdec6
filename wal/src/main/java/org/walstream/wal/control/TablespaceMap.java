package org.walstream.wal.control;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.walstream.wal.CorruptDataException;

/// The file `tablespace_map` of a base backup: where its tablespaces are, for links in `pg_tblspc`
/// that the backup itself does not hold.
///
/// ```
/// 16385 /srv/fast
/// 16386 /srv/with\\backslash\       a path may hold \, LF and CR: each with a \ before it
/// and newline
/// ```
///
/// Counterpart of read_tablespace_map(), src/backend/access/transam/xlogrecovery.c, and of
/// do_pg_backup_start(), src/backend/access/transam/xlog.c.
public record TablespaceMap(List<Tablespace> tablespaces) {

  /// The file's name.
  public static final String FILE_NAME = "tablespace_map";

  /// One link in `pg_tblspc`.
  ///
  /// @param oid unsigned: the link's name
  /// @param path what it leads to
  public record Tablespace(int oid, String path) {}

  public TablespaceMap {
    tablespaces = List.copyOf(tablespaces);
  }

  /// Reads a map.
  ///
  /// @throws CorruptDataException when a line is not a number, a blank and a path, or does not end.
  ///   Unlike PostgreSQL's, a path must be UTF-8: it is to be the one that was meant
  public static TablespaceMap parse(byte[] file) throws CorruptDataException {
    List<Tablespace> tablespaces = new ArrayList<>();
    var line = new ByteArrayOutputStream();
    boolean escaped = false;
    for (byte b : file) {
      if (!escaped && (b == '\n' || b == '\r')) {
        if (line.size() > 0) { // CR may be followed by LF
          tablespaces.add(tablespace(line.toByteArray()));
          line.reset();
        }
      } else if (!escaped && b == '\\') {
        escaped = true;
      } else {
        line.write(b);
        escaped = false;
      }
    }
    if (line.size() > 0 || escaped) {
      throw invalid();
    }
    return new TablespaceMap(tablespaces);
  }

  private static Tablespace tablespace(byte[] line) throws CorruptDataException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException _) {
      throw invalid();
    }
    int blank = text.indexOf(' ');
    if (blank < 1 || blank == text.length() - 1) {
      throw invalid();
    }
    try {
      int oid = Integer.parseUnsignedInt(text.substring(0, blank));
      return new Tablespace(oid, text.substring(blank + 1));
    } catch (NumberFormatException _) {
      throw invalid();
    }
  }

  /// The file as a server writes it.
  public byte[] toBytes() {
    var text = new StringBuilder();
    for (Tablespace tablespace : tablespaces) {
      text.append(Integer.toUnsignedString(tablespace.oid())).append(' ');
      text.append(tablespace.path().replaceAll("[\\\\\r\n]", "\\\\$0")).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static CorruptDataException invalid() {
    return new CorruptDataException("invalid data in file \"tablespace_map\"");
  }
}
