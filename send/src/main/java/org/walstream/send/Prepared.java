package org.walstream.send;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.server.ServerError;

/// A statement that has been read and can be run, any number of times.
public interface Prepared {

  /// OIDs of the types of its parameters.
  List<Integer> parameterTypes();

  /// The columns it returns; empty when it returns no rows.
  Optional<List<RowSet.Column>> columns();

  /// @param parameters as many as there are types, in PostgreSQL's text format, null for NULL
  Answer run(List<@Nullable String> parameters) throws ServerError;
}
