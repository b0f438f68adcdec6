package org.walstream.redo.control;

import java.io.IOException;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.record.DecodedXLogRecord;

/// Redoes what records do beyond the pages that they refer to, as recovery sees it: [ControlRedo]
/// is the one that does it. Called by the one thread that reads WAL.
public interface ControlReplay {

  /// Redoes a record whose blocks have been handed over. Records without such effects are passed
  /// over.
  void redo(DecodedXLogRecord record) throws IOException;

  /// Does what may be put off: removes the files of relations that have been dropped, makes those
  /// of new ones. On return the directory has the files that it is to have.
  void settle() throws IOException;

  /// Removes what was kept for decoding WAL from before `redoLsn`, if nobody here decodes it.
  void removeRewriteMappings(long redoLsn) throws IOException;

  /// Writes how far each replication origin has come; durable on return.
  void writeOrigins() throws IOException;

  /// Writes what is in memory of transactions' status and its like; to make it durable is the
  /// caller's ([org.walstream.redo.storage.DataFiles#sync]).
  void flush() throws IOException;

  /// What a checkpoint would say that was made now: `like`, with the counters as they are.
  CheckPoint checkPoint(CheckPoint like);

  /// Writes files of the transactions that were prepared before `redoLsn` and are so still:
  /// recovery that begins there does not see their records again. Durable on return; done when all
  /// else is.
  void writePreparedTransactions(long redoLsn) throws IOException;
}
