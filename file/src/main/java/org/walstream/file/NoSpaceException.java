package org.walstream.file;

import java.io.IOException;

/// The file system is full, or a quota is used up. When space is being reserved ahead this is
/// weather: the store waits and tries again. Anywhere else it is a failed write like any other.
public final class NoSpaceException extends IOException {

  private static final long serialVersionUID = 1L;

  /// Tells a full disk from other failures by what the kernel says of it, since the JDK has no type
  /// for it.
  ///
  /// @return `failure`, or one of this type with it as the cause
  public static IOException told(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    boolean full =
        message.contains("No space left on device") || message.contains("Disk quota exceeded");
    return full && !(failure instanceof NoSpaceException)
        ? new NoSpaceException(message, failure)
        : failure;
  }

  /// Whether that is what `failure` says.
  public static boolean isMeantBy(IOException failure) {
    return told(failure) instanceof NoSpaceException;
  }

  public NoSpaceException(String message, Throwable cause) {
    super(message, cause);
  }

  public NoSpaceException(String message) {
    super(message);
  }
}
