package org.walstream.send.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// See [SlotState].
final class OwnSlotFormat extends SlotFormat {

  @Override
  int length() {
    return SlotState.LENGTH;
  }

  @Override
  boolean hasMore() {
    return false;
  }

  @Override
  ByteBuffer encode(String name, SlotState state, @Nullable ByteBuffer previous) {
    return state.encode();
  }

  @Override
  SlotState decode(ByteBuffer bytes) throws IOException {
    return SlotState.decode(bytes);
  }
}
