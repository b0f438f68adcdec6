package org.walstream.observe.sql.dialect;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.send.SqlType;

/// A query for the engine.
///
/// @param relations of the catalog that it reads
/// @param parameters how many it has
/// @param parameterTypes OID of the type of each parameter; 0 where nothing tells
/// @param types those of the columns of the result, where they are known
public record Translation(
    String sql,
    Set<Relation> relations,
    int parameters,
    List<Integer> parameterTypes,
    List<Optional<SqlType>> types) {

  public Translation {
    relations = Set.copyOf(relations);
    parameterTypes = List.copyOf(parameterTypes);
    types = List.copyOf(types);
  }
}
