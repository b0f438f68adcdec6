package org.walstream.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.walstream.file.FileErrors;

/// Turns an exception that ends a command into one line a user can act on.
public final class Failures {

  private Failures() {}

  public static String describe(Exception e) {
    return switch (e) {
      case NoSuchFileException missing ->
          "could not open \"" + missing.getFile() + "\": No such file or directory";
      case AccessDeniedException denied ->
          "could not open \"" + denied.getFile() + "\": Permission denied";
      case FileAlreadyExistsException exists ->
          "could not create \"" + exists.getFile() + "\": File exists";
      case FileSystemException other ->
          "could not access \"" + other.getFile() + "\": " + FileErrors.reason(other);
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
