package org.walstream.wire.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One block of a PEM file. What is between blocks is for people.
///
/// ```
/// -----BEGIN RSA PRIVATE KEY-----
/// Proc-Type: 4,ENCRYPTED                 headers, then an empty line; only in old keys
/// DEK-Info: AES-256-CBC,8E1C…
///
/// MIIEow…                                base64
/// -----END RSA PRIVATE KEY-----
/// ```
///
/// Source: RFC 7468; RFC 1421 for headers.
@SuppressWarnings("ArrayRecordComponent") // never compared
record PemBlock(String label, Map<String, String> headers, byte[] content) {

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  PemBlock {
    headers = Map.copyOf(headers);
  }

  /// The blocks of a file, in order.
  ///
  /// @throws PemException in the words of the system or of OpenSSL, if it cannot be read
  static List<PemBlock> read(Path file) throws PemException {
    try {
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      throw new PemException("No such file or directory", e);
    } catch (AccessDeniedException e) {
      throw new PemException("Permission denied", e);
    } catch (PemException e) {
      throw e;
    } catch (IOException e) {
      throw new PemException(String.valueOf(e.getMessage()), e);
    }
  }

  static List<PemBlock> parse(String text) throws PemException {
    var blocks = new ArrayList<PemBlock>();
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        String label = line.substring(BEGIN.length(), line.length() - DASHES.length());
        int end = lines.subList(i, lines.size()).indexOf(END + label + DASHES);
        if (end < 0) {
          throw new PemException("bad end line");
        }
        blocks.add(block(label, lines.subList(i + 1, i + end)));
        i += end;
      }
    }
    return blocks;
  }

  private static PemBlock block(String label, List<String> lines) throws PemException {
    var headers = new LinkedHashMap<String, String>();
    var base64 = new StringBuilder();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon >= 0) {
        headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
      } else {
        base64.append(line);
      }
    }
    try {
      return new PemBlock(label, headers, Base64.getDecoder().decode(base64.toString()));
    } catch (IllegalArgumentException e) {
      throw new PemException("bad base64 decode", e);
    }
  }

  /// Without the content, which may be a key.
  @Override
  public String toString() {
    return "PemBlock[" + label + "]";
  }
}
