package org.walstream.cli.manual;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes a manual page in the language of mdoc(7), which man reads with groff or mandoc.
///
/// ```
/// .Dd November 27, 2026          when
/// .Dt WALSTREAM-RECEIVE 1        name and section
/// .Os Walstream 0.1.0
/// .Sh NAME                       a heading
/// .Nm walstream-receive          the name, then
/// .Nd stream WAL                 what it is
/// .Bl -tag -width Ds             a list: each
/// .It Fl D Ar DIR                item's head, then its text
/// .El
/// ```
final class Mdoc {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("MMMM d, uuuu", Locale.ENGLISH);

  private final StringBuilder text = new StringBuilder();

  /// Begins a page.
  ///
  /// @param program name and version of what it belongs to
  /// @param summary one line, lower case, no full stop
  Mdoc(String name, int section, LocalDate date, String program, String summary) {
    line(".Dd " + DATE.format(date));
    line(".Dt " + name.toUpperCase(Locale.ROOT) + " " + section);
    line(".Os " + program);
    heading("NAME");
    line(".Nm " + name);
    line(".Nd " + words(summary));
  }

  String text() {
    return text.toString();
  }

  Mdoc heading(String title) {
    return line(".Sh " + title);
  }

  Mdoc subheading(String title) {
    return line(".Ss " + words(title));
  }

  /// A line as it stands: of macros, made by the caller.
  Mdoc line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /// A paragraph of running text: a sentence a line, as the language wants it.
  Mdoc text(String paragraph) {
    for (String sentence : paragraph.strip().replace('\n', ' ').split("(?<=[.:;!?]) +(?=[A-Z])")) {
      line(words(sentence));
    }
    return this;
  }

  /// A line of a table, which begins small and has no stop, as a sentence.
  static String sentence(String line) {
    String stop = line.endsWith(".") ? "" : ".";
    return Character.toUpperCase(line.charAt(0)) + line.substring(1) + stop;
  }

  Mdoc paragraph() {
    return line(".Pp");
  }

  Mdoc beginList() {
    return line(".Bl -tag -width Ds");
  }

  Mdoc endList() {
    return line(".El");
  }

  /// What is typed or stands in a file, line by line, indented.
  Mdoc literal(String lines) {
    line(".Bd -literal -offset indent");
    lines.lines().forEach(one -> line(literalWords(one)));
    return line(".Ed");
  }

  /// Running text as an argument or a line: nothing in it is taken as the language's own.
  static String words(String plain) {
    String escaped = plain.replace("\\", "\\e");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  /// The same for what is to be copied out of the page: dashes stay dashes, quotes stay quotes.
  static String literalWords(String plain) {
    return words(plain).replace("-", "\\-").replace("`", "\\(ga").replace("^", "\\(ha");
  }

  /// One argument of a macro.
  static String argument(String plain) {
    String escaped = plain.replace("\\", "\\e").replace("\"", "\\(dq");
    return escaped.contains(" ") ? "\"" + escaped + "\"" : escaped;
  }
}
