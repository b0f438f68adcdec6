package org.walstream.redo.page;

/// A page whose bytes contradict themselves, or a change that does not fit its page. Replay cannot
/// go on over it; what it names is in PostgreSQL's words.
///
/// Not checked: every page function may meet one, and only whoever knows relation, block and LSN
/// has anything to say about it.
public final class CorruptPageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public CorruptPageException(String message) {
    super(message);
  }

  /// data_corrupted
  public String sqlState() {
    return "XX001";
  }
}
