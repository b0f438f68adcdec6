package org.walstream.observe.sql.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.walstream.send.RowSet.Column;
import org.walstream.send.SqlType;

/// The relations and types that a node has: those of PostgreSQL 18's pg_catalog, read from
/// `relations.tsv` and `types.tsv`, the SQL standard's, of `information_schema.tsv`, and its own,
/// of `walstream.tsv`. The last two are in schemas that are in no search path: they are asked for
/// by their whole names.
///
/// What PostgreSQL has and a node has none of (tables, indexes, publications) is there and empty,
/// so that whoever looks for it finds that there is none.
public final class Catalog {

  public static final String PG_CATALOG = "pg_catalog";
  public static final int PG_CATALOG_OID = 11;

  /// The schema of what PostgreSQL has no name for.
  public static final String WALSTREAM = "walstream";

  public static final int WALSTREAM_OID = 16400;

  /// The SQL standard's views.
  public static final String INFORMATION_SCHEMA = "information_schema";

  public static final int INFORMATION_SCHEMA_OID = 13227;

  private final Map<Integer, PgType> types;
  private final Map<String, Relation> relations;

  private Catalog(List<PgType> types, List<Relation> relations) {
    this.types =
        types.stream().collect(Collectors.toMap(PgType::oid, Function.identity(), (a, b) -> a));
    this.relations = new LinkedHashMap<>();
    relations.forEach(r -> this.relations.put(r.qualifiedName(), r));
  }

  public static Catalog load() {
    var types = lines("types.tsv").stream().map(Catalog::type).toList();
    var byName = new LinkedHashMap<String, SqlType>();
    for (PgType type : types) {
      SqlType.of(type.oid()).ifPresent(t -> byName.put(type.name(), t));
    }
    var relations = new ArrayList<Relation>();
    lines("relations.tsv").forEach(line -> relations.add(relation(PG_CATALOG, line, byName)));
    lines("information_schema.tsv")
        .forEach(line -> relations.add(relation(INFORMATION_SCHEMA, line, byName)));
    lines("walstream.tsv").forEach(line -> relations.add(relation(WALSTREAM, line, byName)));
    return new Catalog(types, relations);
  }

  private static List<String> lines(String file) {
    try (var in = Objects.requireNonNull(Catalog.class.getResourceAsStream(file), file);
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `oid name length element array category title`
  private static PgType type(String line) {
    String[] fields = line.split("\t");
    return new PgType(
        Integer.parseInt(fields[0]),
        fields[1],
        Integer.parseInt(fields[2]),
        Integer.parseInt(fields[3]),
        Integer.parseInt(fields[4]),
        fields[5].charAt(0),
        fields[6]);
  }

  /// `name oid kind column:type …`
  private static Relation relation(String schema, String line, Map<String, SqlType> types) {
    String[] fields = line.split("\t");
    var columns = new ArrayList<Column>();
    for (String column : fields[3].split(" ")) {
      int colon = column.indexOf(':');
      columns.add(
          new Column(
              column.substring(0, colon),
              types.getOrDefault(column.substring(colon + 1), SqlType.TEXT)));
    }
    return new Relation(
        schema, fields[0], Integer.parseInt(fields[1]), fields[2].charAt(0), columns);
  }

  /// @param name with its schema, but for PostgreSQL's own
  public Optional<Relation> relation(String name) {
    return Optional.ofNullable(relations.get(name));
  }

  /// @param schema empty to look in the search path
  public Optional<Relation> relation(Optional<String> schema, String name) {
    return relation(
        schema.orElse(PG_CATALOG).equals(PG_CATALOG) ? name : schema.get() + "." + name);
  }

  public Optional<Relation> relation(int oid) {
    return relations.values().stream().filter(r -> r.oid() == oid).findFirst();
  }

  public List<Relation> relations() {
    return List.copyOf(relations.values());
  }

  public Optional<PgType> type(int oid) {
    return Optional.ofNullable(types.get(oid));
  }

  public List<PgType> types() {
    return List.copyOf(types.values());
  }
}
