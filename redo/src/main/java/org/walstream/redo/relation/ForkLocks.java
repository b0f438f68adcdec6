package org.walstream.redo.relation;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Keeps those who write blocks of a fork apart from those who change its size: the zeros that make
/// a segment full may not cover what another thread has just written. Forks share a fixed number of
/// locks.
final class ForkLocks {

  private static final int COUNT = 64;

  private final ReadWriteLock[] locks = new ReadWriteLock[COUNT];

  ForkLocks() {
    Arrays.setAll(locks, _ -> new ReentrantReadWriteLock());
  }

  /// For writing blocks.
  Lock shared(Path fork) {
    return of(fork).readLock();
  }

  /// For changing the size.
  Lock exclusive(Path fork) {
    return of(fork).writeLock();
  }

  private ReadWriteLock of(Path fork) {
    return locks[Math.floorMod(fork.hashCode(), COUNT)];
  }
}
