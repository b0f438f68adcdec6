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
/// @param castParameters what a cast says of the type of each parameter; 0 where none does
/// @param types those of the columns of the result, where they are known
public record Translation(
    String sql,
    Set<Relation> relations,
    int parameters,
    List<Integer> castParameters,
    List<Optional<SqlType>> types) {

  public Translation {
    relations = Set.copyOf(relations);
    castParameters = List.copyOf(castParameters);
    types = List.copyOf(types);
  }
}
