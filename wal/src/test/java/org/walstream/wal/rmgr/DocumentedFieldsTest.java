package org.walstream.wal.rmgr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The layouts drawn above the types of this package, held against the types: what a record is said
/// to have, redo can ask it for.
class DocumentedFieldsTest {

  private static final Path SOURCES = Path.of("src/main/java/org/walstream/wal/rmgr");

  /// Not asked for by a name of its own: padding, parts told field by field, a length that a text
  /// tells, what [FreezePlans] tells, and what stands at the start.
  private static final Set<String> NOT_ASKED_FOR =
      Set.of(
          "(padding)", "dbinfo", "statesrc", "locks", "members", "gidlen", "planoffsets", "ttid");

  /// PostgreSQL's names that are not ours.
  private static final Map<String, String> OUR_NAMES =
      Map.ofEntries(
          Map.entry("thistimelineid", "timeline"),
          Map.entry("prevtimelineid", "prevtimeline"),
          Map.entry("startpoint", "startlsn"),
          Map.entry("rlocator", "locator"),
          Map.entry("forknum", "fork"),
          Map.entry("totallen", "totallength"),
          Map.entry("xlocators", "locator"),
          Map.entry("xsub", "subxact"),
          Map.entry("msgs", "messages"),
          Map.entry("nmsgs", "messages"),
          Map.entry("nitems", "droppedstats"),
          Map.entry("items", "droppedstats"));

  private static final Pattern TYPE =
      Pattern.compile(
          "\\s*(?:public )?(?:static |final |sealed )*(record|interface|class) (\\w+).*");

  private static final Pattern PLACE = Pattern.compile("[\\s\\d+n]*");

  private static final Pattern RAW_READ =
      Pattern.compile("(?<!out|item)\\.(u8|u16|u32|i32|i64|f64|blockId|cString|copy)\\(");

  private record Documented(Class<?> type, String field) {}

  @Test
  void eachHasAnAccessor() throws Exception {
    List<Documented> documented = new ArrayList<>();
    for (Path source : sources()) {
      documented.addAll(fields(source));
    }
    assertThat(documented).hasSizeGreaterThan(350);
    assertThat(documented.stream().filter(field -> !hasAccessor(field)))
        .as("fields that are documented, but cannot be asked for")
        .isEmpty();
  }

  @Test
  void whatIsPrintedIsReadByAccessors() throws IOException {
    for (Path source : sources()) {
      String text = Files.readString(source);
      Matcher method = Pattern.compile("void fields\\([^{]*\\{").matcher(text);
      while (method.find()) {
        String body = text.substring(method.end(), endOfBlock(text, method.end()));
        assertThat(RAW_READ.matcher(body).results().map(match -> match.group()))
            .as("reads in fields() of %s", source.getFileName())
            .isEmpty();
      }
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .sorted()
          .toList();
    }
  }

  /// The fields in the tables of each comment, with the type that follows it.
  private static List<Documented> fields(Path source) throws Exception {
    List<Documented> found = new ArrayList<>();
    List<String> comment = new ArrayList<>();
    String outer = source.getFileName().toString().replace(".java", "");
    for (String line : Files.readAllLines(source)) {
      String stripped = line.strip();
      Matcher type = TYPE.matcher(line);
      if (stripped.startsWith("///")) {
        comment.add(stripped.substring(3));
      } else if (type.matches()) {
        String name = type.group(2).equals(outer) ? outer : outer + "$" + type.group(2);
        for (String field : fieldsOf(comment)) {
          found.add(new Documented(Class.forName("org.walstream.wal.rmgr." + name), field));
        }
        comment.clear();
      } else {
        comment.clear();
      }
    }
    return found;
  }

  /// The column "field" of all tables: what stands there in lines that have but places and lengths
  /// before it.
  private static List<String> fieldsOf(List<String> comment) {
    List<String> fields = new ArrayList<>();
    int column = -1;
    for (String line : comment) {
      if (line.strip().startsWith("```")) {
        column = -1;
      } else if (line.matches("[ a-z]*bytes +field\\b.*")) {
        column = line.indexOf("field");
      } else if (column > 0
          && line.length() > column
          && line.charAt(column) != ' '
          && !line.substring(0, column).isBlank()
          && PLACE.matcher(line.substring(0, column)).matches()) {
        fields.add(line.substring(column).split(" {2,}")[0].strip());
      }
    }
    return fields;
  }

  private static boolean hasAccessor(Documented documented) {
    String field = normal(documented.field());
    if (NOT_ASKED_FOR.contains(field) || NOT_ASKED_FOR.contains(documented.field())) {
      return true;
    }
    Set<String> accessors =
        Arrays.stream(documented.type().getMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(method -> normal(method.getName()))
            .collect(Collectors.toSet());
    return namesFor(field).anyMatch(accessors::contains);
  }

  /// As the field is called; each one of several; where it stands; where it leads from.
  private static Stream<String> namesFor(String field) {
    String one = field.endsWith("s") ? field.substring(0, field.length() - 1) : field;
    String ours = OUR_NAMES.getOrDefault(field, field);
    return Stream.of(field, one, field + "at", field + "from", ours);
  }

  private static String normal(String name) {
    return name.replaceAll("[_ ]", "").toLowerCase(Locale.ROOT);
  }

  private static int endOfBlock(String text, int start) {
    int depth = 1;
    int at = start;
    while (depth > 0) {
      char c = text.charAt(at++);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
    return at;
  }
}
