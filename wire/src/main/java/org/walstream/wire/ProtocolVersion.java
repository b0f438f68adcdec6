package org.walstream.wire;

/// A version of the frontend/backend protocol.
///
/// On the wire it is one number, the major version in the upper 16 bits. Counterpart of
/// ProtocolVersion, src/include/libpq/pqcomm.h.
public record ProtocolVersion(int major, int minor) implements Comparable<ProtocolVersion> {

  /// What every server since PostgreSQL 7.4 speaks.
  public static final ProtocolVersion V3_0 = new ProtocolVersion(3, 0);

  /// PostgreSQL 18's: cancel keys of up to 256 bytes instead of 4.
  public static final ProtocolVersion V3_2 = new ProtocolVersion(3, 2);

  /// Reads the number of a startup packet.
  public static ProtocolVersion ofCode(int code) {
    return new ProtocolVersion(code >>> 16, code & 0xffff);
  }

  /// The number of a startup packet: 196608 for 3.0.
  public int code() {
    return major << 16 | minor;
  }

  @Override
  public int compareTo(ProtocolVersion other) {
    return Integer.compare(code(), other.code());
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
