package org.walstream.send.hba;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Cuts pg_hba.conf into lines, fields and words, and follows its includes.
///
/// ```
/// host  "my db",replication  @admins  10.0.0.0/8  scram-sha-256   # fields; a list; words of a file
/// include         other.conf
/// include_if_exists maybe.conf
/// include_dir     hba.d                                           # its *.conf, sorted
/// ```
///
/// Fields are separated by blanks, words of a list by commas; double quotes protect both; a `#`
/// outside of quotes begins a comment; two double quotes inside of two are one; quotes without an
/// end go to that of the line; a backslash at its end joins a line with the next.
///
/// Counterpart of tokenize_auth_file(), src/backend/libpq/hba.c.
final class HbaReader {

  private static final int DEPTH_MAX = 10; // CONF_FILE_MAX_DEPTH

  private final List<HbaLine> lines = new ArrayList<>();

  private HbaReader() {}

  /// @throws HbaException if the file itself cannot be read; what is wrong in it, its lines say
  static List<HbaLine> read(Path file) throws HbaException {
    var reader = new HbaReader();
    reader.readFile(file, 0);
    return reader.lines;
  }

  private void readFile(Path file, int depth) throws HbaException {
    if (depth > DEPTH_MAX) {
      throw new HbaException(
          "could not open file \"%s\": maximum nesting depth exceeded".formatted(file));
    }
    List<String> text = textLines(file);
    for (int i = 0; i < text.size(); i++) {
      int number = i + 1;
      var joined = new StringBuilder(text.get(i));
      while (joined.length() > 0 && joined.charAt(joined.length() - 1) == '\\') {
        joined.setLength(joined.length() - 1);
        joined.append(++i < text.size() ? text.get(i) : "");
      }
      readLine(new Scanner(file, number, joined.toString(), depth), depth);
    }
  }

  /// What is wrong with a line does not hide those behind it.
  private void readLine(Scanner scanner, int depth) {
    try {
      take(scanner, depth);
    } catch (HbaException e) {
      lines.add(HbaLine.wrong(scanner.file, scanner.number, e));
    }
  }

  private void take(Scanner scanner, int depth) throws HbaException {
    var fields = new ArrayList<List<HbaToken>>();
    for (var field = scanner.field(); !field.isEmpty(); field = scanner.field()) {
      fields.add(field);
    }
    if (fields.isEmpty()) {
      return;
    }
    var line = HbaLine.of(scanner.file, scanner.number, fields);
    switch (fields.getFirst().getFirst().text()) {
      case "include" -> readFile(included(line), depth + 1);
      case "include_if_exists" -> {
        if (Files.exists(included(line))) {
          readFile(included(line), depth + 1);
        }
      }
      case "include_dir" -> readDirectory(line, depth + 1);
      default -> lines.add(line);
    }
  }

  private void readDirectory(HbaLine line, int depth) throws HbaException {
    try (Stream<Path> entries = Files.list(included(line))) {
      for (Path file : entries.filter(HbaReader::isConfiguration).sorted().toList()) {
        readFile(file, depth);
      }
    } catch (IOException e) {
      throw line.error("could not open directory \"%s\"".formatted(included(line)));
    }
  }

  private static boolean isConfiguration(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".conf") && !name.startsWith(".") && Files.isRegularFile(file);
  }

  private static Path included(HbaLine line) throws HbaException {
    if (line.fields().size() != 2 || line.fields().get(1).size() != 1) {
      throw line.error(
          "\"%s\" takes one file name".formatted(line.fields().getFirst().getFirst().text()));
    }
    return line.file().resolveSibling(line.fields().get(1).getFirst().text());
  }

  private static List<String> textLines(Path file) throws HbaException {
    try {
      // Comments may be in any encoding, names are UTF-8.
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
          .lines()
          .map(HbaReader::upToNul)
          .toList();
    } catch (NoSuchFileException e) {
      throw new HbaException(
          "could not open file \"%s\": No such file or directory".formatted(file));
    } catch (IOException e) {
      throw new HbaException("could not read file \"%s\": %s".formatted(file, e.getMessage()));
    }
  }

  /// As C reads lines; a file's name cannot hold it, either.
  private static String upToNul(String line) {
    int nul = line.indexOf('\0');
    return nul < 0 ? line : line.substring(0, nul);
  }

  /// Walks over one line.
  private static final class Scanner {
    private final Path file;
    private final int number;
    private final String text;
    private final int depth;
    private int at;

    Scanner(Path file, int number, String text, int depth) {
      this.file = file;
      this.number = number;
      this.text = text;
      this.depth = depth;
    }

    /// The next field's words; empty at the end of the line.
    List<HbaToken> field() throws HbaException {
      skip(" \t\r\f");
      var words = new ArrayList<HbaToken>();
      while (at < text.length() && !isBlank(text.charAt(at)) && text.charAt(at) != '#') {
        if (text.charAt(at) == ',') {
          skip(", \t\r\f"); // as in PostgreSQL, a comma makes the blanks after it part of the list
        } else {
          addWord(words, word());
        }
      }
      return words;
    }

    private void addWord(List<HbaToken> words, HbaToken word) throws HbaException {
      if (!word.quoted() && word.text().length() > 1 && word.text().startsWith("@")) {
        words.addAll(wordsOf(file.resolveSibling(word.text().substring(1))));
      } else {
        words.add(word);
      }
    }

    /// All words of a file of names.
    private List<HbaToken> wordsOf(Path names) throws HbaException {
      if (depth >= DEPTH_MAX) {
        throw new HbaException(
            "could not open file \"%s\": maximum nesting depth exceeded".formatted(names));
      }
      var words = new ArrayList<HbaToken>();
      List<String> nameLines = textLines(names);
      for (int i = 0; i < nameLines.size(); i++) {
        var scanner = new Scanner(names, i + 1, nameLines.get(i), depth + 1);
        for (var field = scanner.field(); !field.isEmpty(); field = scanner.field()) {
          words.addAll(field);
        }
      }
      return words;
    }

    private HbaToken word() {
      var word = new StringBuilder();
      boolean quoted = false;
      boolean inQuotes = false;
      for (; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"' && inQuotes && text.startsWith("\"", at + 1)) {
          word.append(c); // two are one that does not end anything
          at++;
        } else if (c == '"') {
          inQuotes = !inQuotes;
          quoted |= word.isEmpty();
        } else if (!inQuotes && (isBlank(c) || c == ',' || c == '#')) {
          break;
        } else {
          word.append(c);
        }
      }
      return new HbaToken(word.toString(), quoted);
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private static boolean isBlank(char c) {
      return c == ' ' || c == '\t' || c == '\r' || c == '\f';
    }
  }
}
