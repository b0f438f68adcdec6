package org.walstream.send;

/// What one statement returns.
public sealed interface Answer {

  /// A table.
  record Rows(RowSet rows) implements Answer {}

  /// The word that it is done, such as `SET`.
  record Done(String commandTag) implements Answer {}

  /// Nothing: there was no statement.
  record Nothing() implements Answer {}
}
