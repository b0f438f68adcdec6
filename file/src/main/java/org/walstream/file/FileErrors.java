package org.walstream.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// What the operating system said when a file could not be had, as strerror() words it: the JDK has
/// the commonest answers as types without words.
public final class FileErrors {

  private FileErrors() {}

  /// The reason without the file's name, such as `No such file or directory`.
  public static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "No such file or directory";
      case AccessDeniedException _ -> "Permission denied";
      case FileAlreadyExistsException _ -> "File exists";
      case DirectoryNotEmptyException _ -> "Directory not empty";
      case NotDirectoryException _ -> "Not a directory";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(failure.getMessage());
    };
  }

  /// The same with the file's name before it, if one is to blame: `file "d/x": Permission denied`.
  public static String text(IOException failure) {
    return failure instanceof FileSystemException named && named.getFile() != null
        ? "file \"%s\": %s".formatted(named.getFile(), reason(failure))
        : reason(failure);
  }
}
