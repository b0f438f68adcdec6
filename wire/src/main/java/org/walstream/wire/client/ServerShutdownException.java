package org.walstream.wire.client;

import java.io.EOFException;

/// A walsender has completed its command without ending the copy, as it does when its server shuts
/// down and all WAL has been sent.
public final class ServerShutdownException extends EOFException {

  private static final long serialVersionUID = 1L;

  ServerShutdownException() {
    super("replication terminated by primary server");
  }
}
