package org.walstream.store;

import java.io.IOException;

/// WAL from before the directory's own could not be fetched. The cause is what went wrong; if a
/// server refused, its answer.
public final class OlderWalException extends WalStoreException {

  private static final long serialVersionUID = 1L;

  OlderWalException(String segment, IOException cause) {
    super("could not fetch WAL segment %s: %s".formatted(segment, cause.getMessage()), cause);
  }
}
