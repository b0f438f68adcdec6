package org.walstream.receive.backup;

/// Hears how a base backup comes along, on the thread that takes it.
@FunctionalInterface
public interface BaseBackupListener {

  /// Not per message of the server's: about once a megabyte.
  ///
  /// @param doneBytes how much has come
  /// @param totalBytes about how much there is
  void progress(long doneBytes, long totalBytes);
}
