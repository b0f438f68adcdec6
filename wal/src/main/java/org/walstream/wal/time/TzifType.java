package org.walstream.wal.time;

/// A local time type with what the file says of the changes to it: by which clock they were
/// decreed. That matters only where the file's changes are used for another zone.
record TzifType(
    LocalTimeType local, boolean changesInStandardTime, boolean changesInUniversalTime) {

  static TzifType of(LocalTimeType local) {
    return new TzifType(local, false, false);
  }
}
