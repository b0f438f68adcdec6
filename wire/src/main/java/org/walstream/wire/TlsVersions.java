package org.walstream.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The versions of TLS that a connection may have, by PostgreSQL's names, which are the JDK's too.
/// The JDK refuses those before 1.2 whatever is said here (`jdk.tls.disabledAlgorithms`).
///
/// @param min the oldest
/// @param max the newest
public record TlsVersions(Version min, Version max) {

  /// Ascending.
  public enum Version {
    V1("TLSv1"),
    V1_1("TLSv1.1"),
    V1_2("TLSv1.2"),
    V1_3("TLSv1.3");

    private final String text;

    Version(String text) {
      this.text = text;
    }

    /// By its name, in which upper and lower case do not matter.
    public static Optional<Version> of(String name) {
      return Arrays.stream(values())
          .filter(version ->
              version.text.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
          .findFirst();
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// PostgreSQL's default on both sides.
  public static final TlsVersions DEFAULT = new TlsVersions(Version.V1_2, Version.V1_3);

  /// True when no version that the JDK has is left.
  public boolean isHopeless() {
    return max.compareTo(Version.V1_2) < 0;
  }

  /// The names of all of them, for the JDK.
  public String[] names() {
    List<String> names =
        Arrays.stream(Version.values())
            .filter(version -> version.compareTo(min) >= 0 && version.compareTo(max) <= 0)
            .map(Version::toString)
            .toList();
    return names.toArray(String[]::new);
  }
}
