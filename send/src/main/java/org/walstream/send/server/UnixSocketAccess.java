package org.walstream.send.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.walstream.file.FileErrors;

/// Who may connect through a Unix socket: whoever may write to its file, whatever the umask and the
/// directory are.
///
/// @param mode the file's: `unix_socket_permissions`
/// @param group the file's, by name or number; empty for the process' own: `unix_socket_group`
public record UnixSocketAccess(int mode, String group) {

  /// Everybody: what a server's sockets allow.
  public static final UnixSocketAccess EVERYBODY = new UnixSocketAccess(0777, "");

  /// The group first: until the mode is set, it may do no more than the umask lets it.
  ///
  /// @throws IOException if there is no such group, or this user may not give files to it
  void give(Path socket) throws IOException {
    if (!group.isEmpty()) {
      GroupPrincipal owner = find(socket);
      try {
        Files.getFileAttributeView(socket, PosixFileAttributeView.class).setGroup(owner);
      } catch (IOException e) {
        throw new IOException(
            "could not set group of file \"%s\": %s".formatted(socket, FileErrors.reason(e)), e);
      }
    }
    Files.setAttribute(socket, "unix:mode", mode);
  }

  private GroupPrincipal find(Path socket) throws IOException {
    try {
      return socket
          .getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByGroupName(group);
    } catch (UserPrincipalNotFoundException e) {
      throw new IOException("group \"%s\" does not exist".formatted(group), e);
    }
  }
}
