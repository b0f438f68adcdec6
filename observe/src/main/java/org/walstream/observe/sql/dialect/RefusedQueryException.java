package org.walstream.observe.sql.dialect;

import java.io.Serial;
import org.walstream.wire.server.ServerError;

/// A query asks for what is not there; carries what its client is told.
final class RefusedQueryException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final transient ServerError error;
  private final String name;

  /// @param name what is not there
  RefusedQueryException(ServerError error, String name) {
    super(error.getMessage());
    this.error = error;
    this.name = name;
  }

  /// The error, with the position in the query.
  ServerError errorIn(String sql) {
    return error.at(NamePosition.in(sql, name));
  }
}
