/// A primary, relays and standbys in one thread: the program's own code on a simulated computer
/// whose threads, clocks, disks and network are a seed's. What has happened once happens again.
///
/// ```
///   Simulation        one seed: who follows whom, what befalls them, what must hold
///       │
///   SimulatedNode     a process: store, receiver, senders, slots, retention of the program itself
///       │
///   SimulatedProcess  its threads and clocks      SimulatedDisk      SimulatedNetwork
///       │                                              │                  │
///   Simulator         who runs next, and what time it is: one thread, one source of chance
/// ```
@NullMarked
package org.walstream.node.simulation;

import org.jspecify.annotations.NullMarked;
