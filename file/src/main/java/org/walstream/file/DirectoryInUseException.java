package org.walstream.file;

import java.io.IOException;

/// Another writer has the directory. Nothing in it has been changed.
public final class DirectoryInUseException extends IOException {

  private static final long serialVersionUID = 1L;

  DirectoryInUseException(String message) {
    super(message);
  }
}
