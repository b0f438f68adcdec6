/// `walstream demo`: a primary, a relay and two standbys on this machine, one of them Walstream's;
/// load, a kill, a promotion, and the proof that nothing acknowledged was lost.
///
/// Start reading at [org.walstream.demo.Demo], which tells the story from top to bottom. Thread
/// rule: the story has one thread, the load's clients one each.
@NullMarked
package org.walstream.demo;

import org.jspecify.annotations.NullMarked;
