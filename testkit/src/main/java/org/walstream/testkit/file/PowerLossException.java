package org.walstream.testkit.file;

import java.io.IOException;

/// The power is gone: neither this operation nor any after it comes to its end.
public final class PowerLossException extends IOException {

  private static final long serialVersionUID = 1L;

  PowerLossException() {
    super("no power");
  }
}
