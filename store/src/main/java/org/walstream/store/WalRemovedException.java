package org.walstream.store;

/// A reader asked for WAL that is not (or no longer) in the directory. The message is PostgreSQL's:
/// `requested WAL segment 000000010000000000000003 has already been removed`.
public final class WalRemovedException extends WalStoreException {

  private static final long serialVersionUID = 1L;

  private final String segment;

  public WalRemovedException(String segment) {
    super("requested WAL segment %s has already been removed".formatted(segment));
    this.segment = segment;
  }

  /// The file name of the missing segment.
  public String segment() {
    return segment;
  }
}
