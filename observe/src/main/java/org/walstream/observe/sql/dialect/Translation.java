package org.walstream.observe.sql.dialect;

import java.util.List;
import java.util.Set;
import org.walstream.observe.sql.catalog.Relation;

/// A query for the engine.
///
/// @param relations of the catalog that it reads
/// @param parameters how many it has
/// @param castParameters what a cast says of the type of each parameter; 0 where none does
public record Translation(
    String sql, Set<Relation> relations, int parameters, List<Integer> castParameters) {

  public Translation {
    relations = Set.copyOf(relations);
    castParameters = List.copyOf(castParameters);
  }
}
