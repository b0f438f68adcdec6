package org.walstream.redo.buffer;

import java.util.Arrays;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationFork;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Gives the forks of relations small numbers, so that a page's key is one `long`: its fork's
/// number and its block's.
///
/// A fork keeps its number for good, some 60 bytes each: who replays for months begins anew at some
/// restart point.
final class ForkTable {

  private static final int ABSENT = -1;

  /// Of each fork, by its number; the last two are the pool's to use.
  private RelationFork[] forks = new RelationFork[64];

  int[] firstFrame = new int[64];
  boolean[] created = new boolean[64];

  private int count;
  private int[] slots = new int[256];
  private int latest = ABSENT;

  private final RelationFiles files;

  ForkTable(RelationFiles files) {
    this.files = files;
    Arrays.fill(slots, ABSENT);
  }

  int count() {
    return count;
  }

  RelationFork fork(int id) {
    return forks[id];
  }

  /// The number of a fork, or -1 if it has none.
  int find(int spcOid, int dbOid, int relNumber, int fork) {
    if (latest != ABSENT && is(latest, spcOid, dbOid, relNumber, fork)) {
      return latest;
    }
    int slot = slotOf(spcOid, dbOid, relNumber, fork);
    while (slots[slot] != ABSENT) {
      if (is(slots[slot], spcOid, dbOid, relNumber, fork)) {
        latest = slots[slot];
        return latest;
      }
      slot = slot + 1 & slots.length - 1;
    }
    return ABSENT;
  }

  /// The number of a fork, a new one if it has none.
  int findOrAdd(int spcOid, int dbOid, int relNumber, int fork) {
    int id = find(spcOid, dbOid, relNumber, fork);
    return id != ABSENT ? id : add(spcOid, dbOid, relNumber, fork);
  }

  private int add(int spcOid, int dbOid, int relNumber, int fork) {
    if (count == forks.length) {
      grow();
    }
    int id = count++;
    forks[id] = files.fork(new RelFileLocator(spcOid, dbOid, relNumber), ForkNumber.of(fork));
    firstFrame[id] = ABSENT;
    created[id] = false;
    enter(id);
    latest = id;
    return id;
  }

  private void grow() {
    int capacity = 2 * count;
    forks = Arrays.copyOf(forks, capacity);
    firstFrame = Arrays.copyOf(firstFrame, capacity);
    created = Arrays.copyOf(created, capacity);
    slots = new int[4 * capacity];
    Arrays.fill(slots, ABSENT);
    for (int id = 0; id < count; id++) {
      enter(id);
    }
  }

  private void enter(int id) {
    RelFileLocator relation = forks[id].relation();
    int slot =
        slotOf(
            relation.spcOid(), relation.dbOid(), relation.relNumber(), forks[id].fork().number());
    while (slots[slot] != ABSENT) {
      slot = slot + 1 & slots.length - 1;
    }
    slots[slot] = id;
  }

  private boolean is(int id, int spcOid, int dbOid, int relNumber, int fork) {
    RelFileLocator relation = forks[id].relation();
    return relation.relNumber() == relNumber
        && forks[id].fork().number() == fork
        && relation.dbOid() == dbOid
        && relation.spcOid() == spcOid;
  }

  private int slotOf(int spcOid, int dbOid, int relNumber, int fork) {
    int hash = (relNumber * 31 + dbOid) * 31 + spcOid * 4 + fork;
    hash *= 0x9E3779B9;
    return hash >>> 7 & slots.length - 1;
  }
}
