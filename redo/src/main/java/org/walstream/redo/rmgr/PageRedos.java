package org.walstream.redo.rmgr;

import java.util.EnumMap;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.RedoProfile;
import org.walstream.wal.rmgr.Rmgr;

/// The page functions of all resource managers, for one thread.
public final class PageRedos {

  private final EnumMap<Rmgr, PageRedo> byRmgr = new EnumMap<>(Rmgr.class);

  /// @param profile whose replay is imitated
  /// @param logsHints whether the cluster has checksums or `wal_log_hints` (XLogHintBitIsNeeded):
  ///   it decides whether some changes count as logged
  public PageRedos(RedoProfile profile, boolean logsHints) {
    put(Rmgr.XLOG, new XlogRedo());
    put(Rmgr.HEAP2, new Heap2Redo(profile, logsHints));
    put(Rmgr.HEAP, new HeapRedo(profile));
    put(Rmgr.GENERIC, new GenericRedo());
    put(Rmgr.BTREE, new BtreeRedo(profile));
    put(Rmgr.HASH, new HashRedo(profile));
    put(Rmgr.GIN, new GinRedo());
    put(Rmgr.GIST, new GistRedo());
    put(Rmgr.SEQUENCE, new SequenceRedo());
    put(Rmgr.SPGIST, new SpgistRedo());
    put(Rmgr.BRIN, new BrinRedo());
  }

  /// Those of this resource manager, or null when its records change no pages.
  public @Nullable PageRedo of(Rmgr rmgr) {
    return byRmgr.get(rmgr);
  }

  private void put(Rmgr rmgr, PageRedo redo) {
    byRmgr.put(rmgr, redo);
  }
}
