package org.walstream.send.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// How the disk keeps what there is to a slot.
public abstract sealed class SlotFormat permits OwnSlotFormat, ServerSlotFormat {

  SlotFormat() {}

  /// That of a node's directory.
  public static SlotFormat own() {
    return new OwnSlotFormat();
  }

  /// That of a server's data directory, for a server that goes on there.
  ///
  /// @param majorVersion 15 to 18
  /// @param nextXid the next transaction, with its epoch: none in a file is newer
  public static SlotFormat ofServer(int majorVersion, long nextXid) {
    return new ServerSlotFormat(majorVersion, nextXid);
  }

  /// The bytes of a state file.
  abstract int length();

  /// Whether there is more in a file than a [SlotState], which a change leaves as it is.
  abstract boolean hasMore();

  /// @param previous what the file holds now; null when there is none, or nothing to be left in it
  abstract ByteBuffer encode(String name, SlotState state, @Nullable ByteBuffer previous);

  /// @throws IOException saying what is wrong with `bytes`
  abstract SlotState decode(ByteBuffer bytes) throws IOException;
}
