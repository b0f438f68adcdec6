package org.walstream.receive.backup;

/// A tablespace of the server that a base backup is of.
///
/// @param oid its OID, in digits; empty for the data directory itself
/// @param location where the server has it; within its data directory when that is no absolute path
/// @param kilobytes about how large it is
public record BackupTablespace(String oid, String location, long kilobytes) {

  boolean isDataDirectory() {
    return oid.isEmpty();
  }
}
