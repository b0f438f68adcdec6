package org.walstream.wire.client;

/// One part of what a server answers to a command that is answered in several: BASE_BACKUP, for
/// one, by two results, a copy, and another result.
public sealed interface Answer {

  /// Rows, or the word that a command is done.
  record Result(QueryResult result) implements Answer {}

  /// From here on data comes, to be had from [PgClient#nextCopyData].
  ///
  /// @param both true: CopyBoth, the client may send too
  record Copy(boolean both) implements Answer {}

  /// That was all: the next command may be sent.
  record Ready() implements Answer {}
}
