package org.walstream.wire.transport;

import java.io.IOException;

/// Something has not been done because a [StopSignal] was raised.
public final class StoppedException extends IOException {

  private static final long serialVersionUID = 1L;

  public StoppedException() {
    super("stopped on request");
  }
}
